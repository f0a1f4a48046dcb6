// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/clients/ClientText.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QBoxLayout;
class QScrollArea;
class QVBoxLayout;

namespace ui {

class ArmedButton;
class Button;
class EditView;
class IconView;
class ImportDoneView;
class ImportServerBox;
class Note;
class PlainLabel;

// Brings servers of one file of a client behind us: what was found there, what each would become, the lines that would change, and
// afterwards what was done. Nothing is changed before the person presses; no key is ever here. Owned by the page.
class ImportPanel final : public QWidget
{
    Q_OBJECT
public:
    ImportPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent);
    // Looks at the file anew, unless an import of it is on its way.
    void open(const ClientText::Known &known, const QString &file);
    // An import is on its way: it cannot be taken back before it has ended.
    bool isBusy() const { return m_stage == Stage::Importing; }
    QScrollArea *scroll() const { return m_scroll; }

Q_SIGNALS:
    void said(const QString &sentence);
    void changed(); // the core may tell something else now
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    // NotAsked: a vendor was not to be had, and the person may do without its word.
    enum class Stage { Looking, Unreadable, Choosing, Importing, NotAsked, Done };
    void buildHead(QVBoxLayout *column);
    void buildBody(QVBoxLayout *column);
    void buildFoot(QVBoxLayout *column);
    void connectParts();
    static void clearColumn(QVBoxLayout *column);
    void keepOwn(const ClientFile &file);
    void look();
    void takeFile(const mcpcore::Result<ImportFile> &file);
    void fillServers();
    ImportWish wish(ImportWish::Check check) const;
    QString missing() const;
    QList<ImportServer> taken() const;
    void choose();
    void chooseSoon();
    void takePreview(const mcpcore::Result<ClientEdit> &edit);
    void import(ImportWish::Check check);
    void takeOutcome(ImportWish::Check check, const mcpcore::Result<ImportOutcome> &outcome);
    void finish(const ImportOutcome &outcome);
    void undo();
    void go(Stage stage);
    void refresh();
    QString stateText() const;
    QString blocked() const;
    void arrange();
    enum class Again { No, Offered }; // looking at the file once more
    static Again againAfter(const mcpcore::Error &error);
    void showTrouble(const QString &strong, const QString &rest, Again again);
    void showCautions(const QStringList &cautions);

    Desk &m_desk;
    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    Stage m_stage = Stage::Looking;
    QString m_id, m_client, m_path; // of a client or of a kind, its name, the file
    bool m_connected = false;       // it has our entry already
    std::optional<ClientWay> m_way; // of our entry in it
    QString m_entry;                // its name
    ImportFile m_file;
    ClientEdit m_edit;        // that was shown last
    bool m_known = false;     // the view shows what would come of what is chosen
    bool m_previewed = false; // or of a choice before
    mcpcore::ClientId m_done; // whose file was written
    QString m_asked;          // whom the keys are asked of, while they are
    int m_round = 0;

    IconView *m_icon;
    PlainLabel *m_title, *m_caption, *m_hint, *m_state;
    QList<ImportServerBox *> m_boxes;
    QVBoxLayout *m_servers, *m_cautions;
    ImportDoneView *m_doneView;
    EditView *m_view;
    Note *m_trouble;
    QBoxLayout *m_foot, *m_buttons;
    Button *m_again, *m_undo, *m_cancel;
    ArmedButton *m_unverified, *m_import;
    QScrollArea *m_scroll;
};

} // namespace ui
