// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ClientJson.h"

namespace app {

using namespace mcpcore;
using ui::ClientEdit;

namespace {

ui::DiffLine lineFrom(const Json &json)
{
    const QString change = stringAt(json, "change", {});
    return {change == QLatin1String("added")     ? ui::DiffLine::Change::Added
            : change == QLatin1String("removed") ? ui::DiffLine::Change::Removed
                                                 : ui::DiffLine::Change::Same,
            int(integerAt(json, "line", 0)), stringAt(json, "text", {})};
}

} // namespace

QStringList textsFrom(const Json &json, const char *member)
{
    QStringList texts;
    if (const Json *list = memberAt(json, member); list && list->is_array())
        for (const Json &text : *list)
            if (text.is_string())
                texts.append(QString::fromStdString(text.get<std::string>()));
    return texts;
}

QString toText(ui::ClientWay way)
{
    switch (way) {
    case ui::ClientWay::Bridge: return QStringLiteral("bridge");
    case ui::ClientWay::Http: return QStringLiteral("http");
    }
    Q_UNREACHABLE();
}

ui::ClientHints hintsFrom(const Json &json)
{
    return {stringAt(json, "command", {}), stringAt(json, "link", {})};
}

ClientEdit editFrom(const Json &json)
{
    ClientEdit edit;
    edit.client = {stringAt(json, "client", {})};
    edit.file = stringAt(json, "file", {});
    const QString status = stringAt(json, "status", {});
    edit.status = status == QLatin1String("written")     ? ClientEdit::Status::Written
                  : status == QLatin1String("unchanged") ? ClientEdit::Status::Unchanged
                  : status == QLatin1String("conflict")  ? ClientEdit::Status::Conflict
                                                         : ClientEdit::Status::Refused;
    edit.line = int(integerAt(json, "line", 0));
    edit.column = int(integerAt(json, "column", 0));
    edit.reason = stringAt(json, "reason", {});
    edit.diff = listFrom(json, "diff", lineFrom);
    edit.bytesAdded = int(integerAt(json, "bytesAdded", 0));
    edit.checked = textsFrom(json, "checked");
    edit.cautions = textsFrom(json, "cautions");
    edit.timeout = stringAt(json, "timeout", {});
    edit.restart = stringAt(json, "restart", {});
    edit.files = listFrom(json, "files", editFrom);
    edit.hints = hintsFrom(json);
    return edit;
}

} // namespace app
