// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class Button;
class IconView;
class Note;
class PlainLabel;

// The top of the detail where no key is used: who is signed in, what can be done about it, and a sign-in on its way with the
// whole address of its page. Says what it is told, sends intents.
class SignInPanel final : public QWidget
{
    Q_OBJECT
public:
    SignInPanel(const Theme &theme, QWidget *parent = nullptr);
    void setKnown(const ConnectionText::Known &known);

Q_SIGNALS:
    void signInWanted();
    void cancelWanted();
    void signOutWanted();
    void said(const QString &sentence);

private:
    void showSignIn(const ConnectionText::Known &known);
    void showProgress(const SignInProgress *progress, bool elsewhere);
    void copy(const QString &text, const QString &sentence);

    IconView *m_icon;
    PlainLabel *m_title;
    PlainLabel *m_text;
    Note *m_trouble;
    QWidget *m_addressBox;
    PlainLabel *m_address;
    QWidget *m_buttons;
    Button *m_signIn;
    Button *m_signOut;
    Button *m_cancel;
    Button *m_copyAddress;
};

} // namespace ui
