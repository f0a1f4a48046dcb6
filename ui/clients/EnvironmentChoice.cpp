// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/EnvironmentChoice.h"
#include "ui/shell/EnvLooks.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Segmented.h"
#include <QHBoxLayout>
#include <QScopedValueRollback>

namespace ui {

using mcpcore::Environment;
using mcpcore::EnvironmentId;
using mcpcore::EnvironmentKind;

namespace {

constexpr int kMostSegments = 5;

QString textOf(const Environment &environment)
{
    if (environment.id.text == QLatin1String("sandbox"))
        return EnvironmentChoice::tr("Sandbox only");
    return environment.id.text.left(1).toUpper() + environment.id.text.mid(1);
}

} // namespace

EnvironmentChoice::EnvironmentChoice(const Theme &theme, const QString &objectName, Offer offer, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_offer(offer), m_place(new QHBoxLayout(this))
{
    setObjectName(objectName);
    m_place->setContentsMargins(0, 0, 0, 0);
}

void EnvironmentChoice::setWorkspace(const mcpcore::Workspace &workspace)
{
    Options offered;
    for (const EnvironmentKind kind : {EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production})
        for (const Environment &environment : workspace.environments)
            if (environment.kind == kind && (kind != EnvironmentKind::Production || m_offer == Offer::All))
                offered.append(environment.id);
    offered.append(std::nullopt);
    if (offered == m_offered)
        return;
    const auto before = chosen();
    m_offered = offered;
    m_at = std::max(0, int(m_offered.indexOf(before)));
    rebuild(workspace);
}

void EnvironmentChoice::rebuild(const mcpcore::Workspace &workspace)
{
    delete m_segments;
    delete m_list;
    m_segments = nullptr;
    m_list = nullptr;
    QStringList texts;
    for (const auto &id : std::as_const(m_offered))
        texts.append(id ? textOf(*mcpcore::find(workspace, *id)) : tr("Follows the switch"));
    if (m_offered.size() <= kMostSegments) {
        m_segments = new Segmented(m_theme, objectName() + QStringLiteral(".choice"), texts, this);
        for (int at = 0; at + 1 < m_offered.size(); ++at)
            m_segments->setLook(at, lookOf(workspace, *m_offered[at]));
        m_place->addWidget(m_segments);
        connect(m_segments, &Segmented::currentChanged, this, &EnvironmentChoice::pick);
    } else {
        m_list = new ChoiceBox(objectName() + QStringLiteral(".choice"), tr("Environment"), this);
        for (int at = 0; at < m_offered.size(); ++at)
            m_list->addItem(m_offered[at] ? icon(m_theme, envIconName(lookOf(workspace, *m_offered[at])),
                                                 Theme::role(lookOf(workspace, *m_offered[at]), EnvPart::Edge))
                                          : QIcon(),
                            texts[at]);
        m_place->addWidget(m_list);
        connect(m_list, &QComboBox::currentIndexChanged, this, &EnvironmentChoice::pick);
    }
    (m_segments ? static_cast<QWidget *>(m_segments) : m_list)->show();
    set(m_at);
}

void EnvironmentChoice::choose(const std::optional<EnvironmentId> &environment)
{
    set(std::max(0, int(m_offered.indexOf(environment))));
}

void EnvironmentChoice::set(int at)
{
    const QScopedValueRollback<bool> setting(m_setting, true);
    m_at = at;
    if (m_segments)
        m_segments->setCurrent(at);
    if (m_list)
        m_list->setCurrentIndex(at);
}

void EnvironmentChoice::pick(int at)
{
    if (m_setting || at < 0 || at == m_at)
        return;
    m_at = at;
    Q_EMIT changed();
}

} // namespace ui
