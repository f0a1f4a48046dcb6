// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "ui/theme/Theme.h"
#include <QWidget>
#include <optional>

class QHBoxLayout;

namespace ui {

class ChoiceBox;
class Segmented;

// The environment that a client acts in: one of its own, or where the switch stands. Segments, or a list where there are many.
class EnvironmentChoice final : public QWidget
{
    Q_OBJECT
public:
    enum class Offer { NotProduction, All };
    EnvironmentChoice(const Theme &theme, const QString &objectName, Offer offer, QWidget *parent);

    // Keeps what is chosen while it is offered; else the first sandbox is.
    void setWorkspace(const mcpcore::Workspace &workspace);
    // None: follows the switch.
    std::optional<mcpcore::EnvironmentId> chosen() const { return m_offered.isEmpty() ? std::nullopt : m_offered[m_at]; }
    void choose(const std::optional<mcpcore::EnvironmentId> &environment);
    void chooseUsual() { set(0); }

Q_SIGNALS:
    void changed(); // by a person

private:
    using Options = QList<std::optional<mcpcore::EnvironmentId>>;
    void rebuild(const mcpcore::Workspace &workspace);
    void set(int at);
    void pick(int at);

    const Theme &m_theme;
    const Offer m_offer;
    QHBoxLayout *m_place;
    Segmented *m_segments = nullptr;
    ChoiceBox *m_list = nullptr;
    Options m_offered;
    int m_at = 0;
    bool m_setting = false;
};

} // namespace ui
