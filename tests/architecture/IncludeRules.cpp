// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/Rules.h"
#include <QMap>
#include <QRegularExpression>

namespace {

struct Include {
    qsizetype line;
    QString file;
    bool ours; // in quotes
};

QList<Include> includesOf(const Source &source)
{
    static const QRegularExpression form(QStringLiteral(R"(^\s*#\s*include\s*(["<])([^">]+)[">])"));
    QList<Include> found;
    if (source.isCpp())
        for (qsizetype i = 0; i < source.lines.size(); ++i)
            if (const auto match = form.match(source.lines[i]); match.hasMatch())
                found.append({i + 1, match.captured(2), match.captured(1) == QLatin1String("\"")});
    return found;
}

QString breach(qsizetype line, const QString &what)
{
    return QStringLiteral("%1: %2").arg(line).arg(what);
}

// What a folder may include besides itself: folders, or single headers. The longest matching folder of the table holds.
const QMap<QString, QStringList> &table()
{
    static const QMap<QString, QStringList> mayInclude = [] {
        const auto list = [](const char *words) { return QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts); };
        return QMap<QString, QStringList>{
            {QStringLiteral("mcpcore/base"), {}},
            {QStringLiteral("mcpcore/model"), list("base")},
            {QStringLiteral("mcpcore/protocol"), list("base model")},
            {QStringLiteral("mcpcore/store"), list("base model")},
            {QStringLiteral("mcpcore/secrets"), list("base model")},
            {QStringLiteral("mcpcore/packs"), list("base model")},
            {QStringLiteral("mcpcore/policy"), list("base model store")},
            {QStringLiteral("mcpcore/approvals"), list("base model")},
            {QStringLiteral("mcpcore/audit"), list("base model store")},
            {QStringLiteral("mcpcore/clientconfig"), list("base model packs")},
            {QStringLiteral("mcpcore/upstream"), list("base model protocol secrets")},
            {QStringLiteral("mcpcore/gateway"), list("base model protocol store secrets packs policy approvals audit upstream")},
            {QStringLiteral("mcpcore/control"),
             list("base model protocol store secrets packs policy approvals audit clientconfig upstream gateway")},
            {QStringLiteral("mcpcore/server"), list("base model protocol gateway/FrontDoor.h")},
            {QStringLiteral("ui/theme"), {}},
            {QStringLiteral("ui/widgets"), list("base ui/theme")}, // no domain type
            {QStringLiteral("ui"), list("base model audit/LogReader.h ui")},
            {QStringLiteral("app/child"), {}},
            {QStringLiteral("app/bridge"), list("base/JsonScan.h")},
            {QStringLiteral("app/practice"), list("base model protocol store/Database.h")},
            {QStringLiteral("app/ctl"), list("base model protocol store secrets packs policy approvals audit clientconfig upstream gateway "
                                             "control server app")},
        };
    }();
    return mayInclude;
}

QStringList wrongDirections(const Source &source)
{
    QString home;
    for (auto it = table().cbegin(); it != table().cend(); ++it)
        if (source.isIn(it.key().toLatin1().constData()) && it.key().size() > home.size())
            home = it.key();
    if (home.isEmpty())
        return source.isIn("mcpcore") && source.isCpp() && source.path.count(QLatin1Char('/')) > 1
                   ? QStringList{breach(1, QStringLiteral("this folder is not in the table of tests/architecture/IncludeRules.cpp"))}
                   : QStringList{};
    const QStringList mayInclude = table().value(home);
    const QString self = home.startsWith(QLatin1String("mcpcore/")) ? home.mid(8) : home;
    QStringList found;
    for (const Include &include : includesOf(source)) {
        const auto reaches = [&](const QString &allowed) {
            return include.file == allowed || include.file.startsWith(allowed + QLatin1Char('/'));
        };
        const bool generated = include.file.endsWith(QLatin1String(".moc")) || include.file.endsWith(QLatin1String(".inc"));
        if (include.ours && !generated && !reaches(self) && std::none_of(mayInclude.begin(), mayInclude.end(), reaches))
            found.append(breach(include.line, home + QStringLiteral(" may not include ") + include.file));
    }
    return found;
}

QStringList windowsOutsideUi(const Source &source)
{
    const bool faceless = source.isIn("mcpcore") || source.isIn("app/ctl") || source.isIn("app/bridge") || source.isIn("app/child")
                          || source.isIn("app/practice");
    static const QRegularExpression qt(
        QStringLiteral("^(Qt(Gui|Widgets|Svg)/|Q(Gui)?Application$|QWidget$|QIcon$|QImage$|QColor$|QPixmap$)"));
    static const QRegularExpression link(QStringLiteral("Qt6::(Gui|Widgets|Svg)"));
    QStringList found;
    if (!faceless)
        return found;
    for (const Include &include : includesOf(source))
        if (qt.match(include.file).hasMatch())
            found.append(breach(include.line, QStringLiteral("no window lives here: ") + include.file));
    if (source.path.endsWith(QLatin1String("CMakeLists.txt")))
        for (qsizetype i = 0; i < source.lines.size(); ++i)
            if (link.match(source.lines[i]).hasMatch())
                found.append(breach(i + 1, QStringLiteral("links a library of windows")));
    return found;
}

QStringList heavyHeaders(const Source &source)
{
    static const QRegularExpression heavy(
        QStringLiteral("^(QSql|QtSql|qt6keychain|curl/|QHttpServer|QAbstractHttpServer|QtHttpServer|sodium|simdjson)"));
    QStringList found;
    if (!source.isHeader() || !(source.isIn("mcpcore") || source.isIn("ui")))
        return found;
    for (const Include &include : includesOf(source)) {
        if (!include.ours && heavy.match(include.file).hasMatch())
            found.append(breach(include.line, include.file + QStringLiteral(" belongs in a .cpp file")));
        if (include.file == QLatin1String("base/Json.h"))
            found.append(breach(include.line, QStringLiteral("headers include base/JsonFwd.h")));
    }
    return found;
}

QStringList otherJson(const Source &source)
{
    QStringList found;
    if (source.path.startsWith(QLatin1String("mcpcore/base/Json")))
        return found;
    for (const Include &include : includesOf(source))
        if (include.file.startsWith(QLatin1String("nlohmann/")))
            found.append(breach(include.line, QStringLiteral("include base/Json.h")));
    return found;
}

} // namespace

std::vector<Rule> includeRules()
{
    return {
        {"dependencies point one way",
         wrongDirections,
         {{"mcpcore/base/A.h", "#include \"model/Tool.h\""},
          {"mcpcore/model/A.cpp", "#pragma once\n#  include \"protocol/Message.h\""},
          {"mcpcore/policy/A.cpp", "#include \"approvals/ApprovalQueue.h\""},
          {"mcpcore/server/A.cpp", "#include \"gateway/Gateway.h\""},
          {"mcpcore/upstream/A.cpp", "#include \"gateway/FrontDoor.h\""},
          {"mcpcore/gateway/A.cpp", "#include \"ui/shell/Desk.h\""},
          {"mcpcore/invented/A.cpp", "int i;"},
          {"ui/shell/A.cpp", "#include \"gateway/Gateway.h\""},
          {"ui/shell/A.cpp", "#include \"app/Composition.h\""},
          {"ui/widgets/A.h", "#include \"model/Tool.h\""},
          {"app/ctl/A.cpp", "#include \"ui/shell/Desk.h\""},
          {"app/child/A.cpp", "#include \"base/Result.h\""}},
         {{"mcpcore/base/A.cpp", "#include \"base/A.h\"\n#include <QString>"},
          {"mcpcore/server/A.cpp", "#include \"gateway/FrontDoor.h\""},
          {"mcpcore/gateway/A.cpp", "#include \"audit/ActivityLog.h\""},
          {"ui/activity/A.cpp", "#include \"audit/LogReader.h\"\n#include \"ui/widgets/Tag.h\"\n#include \"A.moc\""},
          {"app/Composition.cpp", "#include \"ui/shell/Desk.h\"\n#include \"gateway/Gateway.h\""}}},
        {"only ui and the app know windows",
         windowsOutsideUi,
         {{"mcpcore/policy/A.cpp", "#include <QtWidgets/QWidget>"},
          {"app/ctl/A.cpp", "#include <QApplication>"},
          {"mcpcore/policy/CMakeLists.txt", "countersign_library(mcpcore_policy SOURCES A.cpp PRIVATE Qt6::Gui)"},
          {"app/bridge/CMakeLists.txt", "target_link_libraries(countersign-bridge PRIVATE Qt6::Widgets)"}},
         {{"ui/shell/A.cpp", "#include <QWidget>"}, {"mcpcore/store/CMakeLists.txt", "PRIVATE Qt6::Sql"}}},
        {"headers stay light",
         heavyHeaders,
         {{"mcpcore/audit/A.h", "#include <QSqlDatabase>"},
          {"mcpcore/upstream/A.h", "#include <curl/curl.h>"},
          {"mcpcore/secrets/A.h", "#include <qt6keychain/keychain.h>"},
          {"mcpcore/policy/A.h", "#include \"base/Json.h\""}},
         {{"mcpcore/audit/A.cpp", "#include <QSqlDatabase>\n#include \"base/Json.h\""},
          {"mcpcore/policy/A.h", "#include \"base/JsonFwd.h\""}}},
        {"base/Json.h is the one door to nlohmann",
         otherJson,
         {{"mcpcore/policy/A.cpp", "#include <nlohmann/json.hpp>"}, {"tests/policy/tst_A.cpp", "#include <nlohmann/json_fwd.hpp>"}},
         {{"mcpcore/base/Json.h", "#include <nlohmann/json.hpp>"}}},
    };
}
