// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "audit/Exporters.h"
#include "audit/Verifier.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "support/Runner.h"
#include <QBuffer>
#include <QFile>
#include <QProcess>

using namespace mcpcore;
using Status = Verification::Status;

class tst_Exporters : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anExportHoldsTheExactRecordsAndVerifies();
    void aPartOfTheLogVerifiesToo();
    void everyByteOfAnExportedRowMatters();
    void aCutOffExportIsTruncated();
    void whatTheFirstLineSaysIsChecked();
    void anIndependentScriptAgrees();
    void spreadsheetsSeeNoFormula();
    void eachCallIsASpan();
    void anExportDuringWritesIsOneMoment();
    void aFullTargetIsAnError();

private:
    void fill(TestLog &t)
    {
        QVERIFY(t.open());
        QVERIFY(t.wholeCall());
        const auto denied = t.call("{\n}", QStringLiteral("=HYPERLINK(\"x\"),b"));
        t.log->append({LogRow::Kind::Received, denied, {}, {}});
        t.log->deny(denied, {Decision::Outcome::Denied, Decision::By::Person, {}, QStringLiteral("@no"), {}, {}});
        t.clock.advance(Milliseconds(5'000));
        QVERIFY(t.wholeCall());
        t.close();
    }
    QByteArray exported(const TestLog &t, ExportFormat format, std::optional<Milliseconds> since = std::nullopt)
    {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        const auto written = exportLog(t.path(), format, buffer, since);
        return written ? buffer.data() : QByteArray();
    }
    Verification verified(const TestLog &t, const QByteArray &jsonl)
    {
        const QString path = t.folder.filePath(QStringLiteral("export.jsonl"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(jsonl) != jsonl.size())
            return {};
        file.close();
        return verifyLog(path);
    }
    int scriptSays(const TestLog &t, const QByteArray &jsonl)
    {
        const QString path = t.folder.filePath(QStringLiteral("script.jsonl"));
        if (!writeFile(path, jsonl))
            return -1;
        QProcess python;
        python.start(QStringLiteral("python3"), {QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/audit/verify_export.py"), path});
        return python.waitForFinished() && python.exitStatus() == QProcess::NormalExit ? python.exitCode() : -1;
    }
};

void tst_Exporters::anExportHoldsTheExactRecordsAndVerifies()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    const QList<QByteArray> lines = jsonl.split('\n');
    const auto rows = t.rows();
    QCOMPARE(lines.size(), 1 + rows.size() + 1);
    for (int i = 0; i < rows.size(); ++i) {
        QVERIFY(parseJson(lines.at(i + 1).toStdString()));
        QVERIFY(lines.at(i + 1).contains("\"record\":" + rows.at(i).record + '}'));
        QVERIFY(lines.at(i + 1).contains(rows.at(i).hash.toHex()));
    }
    const Verification found = verified(t, jsonl);
    QVERIFY2(found.status == Status::Intact, qPrintable(found.text));
    QCOMPARE(found.rows, rows.size());
    QCOMPARE(found.notAnchored, 0);
    QCOMPARE(found.log, verifyLog(t.path()).log);
    QCOMPARE(found.head, verifyLog(t.path()).head);
}

void tst_Exporters::aPartOfTheLogVerifiesToo()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl, t.clock.wall());
    const Verification found = verified(t, jsonl);
    QVERIFY2(found.status == Status::Intact, qPrintable(found.text));
    QCOMPARE(found.rows, 5);
    QCOMPARE(scriptSays(t, jsonl), 0);
    QVERIFY(exported(t, ExportFormat::Jsonl, t.clock.wall() + Milliseconds(1)).isEmpty());
}

void tst_Exporters::everyByteOfAnExportedRowMatters()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    for (qsizetype at = jsonl.indexOf('\n') + 1; at < jsonl.size(); ++at) {
        QByteArray bad = jsonl;
        bad[at] = char(bad[at] ^ (1 << (at % 8)));
        const Verification found = verified(t, bad);
        QVERIFY2(found.status == Status::Tampered || (at == jsonl.size() - 1 && found.status == Status::Truncated),
                 QByteArray::number(qint64(at)).constData());
    }
}

void tst_Exporters::aCutOffExportIsTruncated()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    const qsizetype firstRow = jsonl.indexOf('\n') + 1;
    for (qsizetype size = firstRow; size < jsonl.size(); size += 61)
        QCOMPARE(verified(t, jsonl.left(size)).status, Status::Truncated);
    for (qsizetype end = jsonl.indexOf('\n', firstRow); end < jsonl.size() - 1; end = jsonl.indexOf('\n', end + 1))
        QCOMPARE(verified(t, jsonl.left(end + 1)).status, Status::Truncated);
    QCOMPARE(verified(t, jsonl + jsonl.mid(firstRow)).status, Status::Tampered);
}

void tst_Exporters::whatTheFirstLineSaysIsChecked()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    const auto with = [&](const char *before, const char *after) {
        return verified(t, QByteArray(jsonl).replace(jsonl.indexOf(before), qsizetype(strlen(before)), after)).status;
    };
    QCOMPARE(with("\"first\":1,", "\"first\":2,"), Status::Tampered);
    QCOMPARE(with("\"last\":1", "\"last\":2"), Status::Truncated);
    QCOMPARE(with("\"log\":\"", "\"log\":\"0"), Status::Tampered);
    QCOMPARE(with("\"before\":\"00", "\"before\":\"01"), Status::Tampered);
    QCOMPARE(with("\"head\":\"", "\"head\":\"00"), Status::Unreadable);
    QCOMPARE(with("countersign activity log 1", "countersign activity log 2"), Status::Unreadable);
}

void tst_Exporters::anIndependentScriptAgrees()
{
    TestLog t;
    fill(t);
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    QCOMPARE(scriptSays(t, jsonl), 0);
    const qsizetype firstRow = jsonl.indexOf('\n') + 1;
    for (const double part : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        QByteArray bad = jsonl;
        const qsizetype at = firstRow + qsizetype(double(jsonl.size() - firstRow) * part);
        bad[at] = char(bad[at] ^ 1);
        QCOMPARE(scriptSays(t, bad), 1);
    }
    QCOMPARE(scriptSays(t, jsonl.left(jsonl.size() - 1)), 2);
    QCOMPARE(scriptSays(t, jsonl.left(jsonl.lastIndexOf('\n', -2) + 1)), 2);
    QCOMPARE(scriptSays(t, "nonsense"), 3);
}

void tst_Exporters::spreadsheetsSeeNoFormula()
{
    TestLog t;
    fill(t);
    const QByteArray csv = exported(t, ExportFormat::Csv);
    const QList<QByteArray> lines = csv.split('\n');
    QCOMPARE(lines.size(), 1 + t.rows().size() + 1);
    QVERIFY(lines.first().startsWith("sequence,time,kind,"));
    QVERIFY(lines.at(1).startsWith("1,2026-11-21T10:00:00.000Z,genesis,"));
    QVERIFY(csv.contains(",\"'=HYPERLINK(\"\"x\"\"),b\","));
    for (const QByteArray &line : lines)
        for (const char *start : {",=", ",+", ",@", ",-", ",\"=", ",\"@"})
            QVERIFY2(!line.contains(start), line.constData());
}

void tst_Exporters::eachCallIsASpan()
{
    TestLog t;
    fill(t);
    const QByteArray otlp = exported(t, ExportFormat::Otlp);
    const QList<QByteArray> lines = otlp.split('\n');
    QCOMPARE(lines.size(), 3 + 1);
    const auto spanIn = [](const QByteArray &line) {
        const auto json = parseJson(line.toStdString());
        return (*json)["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    };
    const auto attribute = [](const Json &span, const char *key) {
        for (const Json &one : span["attributes"])
            if (one["key"] == key)
                return stringAt(one["value"], "stringValue", {});
        return QString();
    };
    const Json sent = spanIn(lines.at(0));
    QCOMPARE(stringAt(sent, "name", {}), QStringLiteral("tools/call create_refund"));
    QCOMPARE(stringAt(sent, "traceId", {}).size(), 32);
    QCOMPARE(stringAt(sent, "spanId", {}).size(), 16);
    QCOMPARE(stringAt(sent, "startTimeUnixNano", {}), QStringLiteral("1795255200000000000"));
    QCOMPARE(attribute(sent, "gen_ai.tool.name"), QStringLiteral("create_refund"));
    QCOMPARE(attribute(sent, "mcp.method.name"), QStringLiteral("tools/call"));
    QCOMPARE(attribute(sent, "countersign.environment.kind"), QStringLiteral("production"));
    QCOMPARE(integerAt(sent["status"], "code", 0), 1);
    const Json denied = spanIn(lines.at(1));
    QCOMPARE(attribute(denied, "error.type"), QStringLiteral("denied"));
    QCOMPARE(integerAt(denied["status"], "code", 0), 2);
}

void tst_Exporters::anExportDuringWritesIsOneMoment()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    const QByteArray jsonl = exported(t, ExportFormat::Jsonl);
    QVERIFY(t.wholeCall());
    QCOMPARE(verified(t, jsonl).rows, 6);
    QCOMPARE(verified(t, exported(t, ExportFormat::Jsonl)).rows, 11);
}

void tst_Exporters::aFullTargetIsAnError()
{
    TestLog t;
    fill(t);
    QFile full(QStringLiteral("/dev/full"));
    if (!full.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        QSKIP("needs /dev/full");
    const auto written = exportLog(t.path(), ExportFormat::Jsonl, full);
    QVERIFY(!written);
    QVERIFY2(written.error().message.contains(QStringLiteral("No space left")), qPrintable(written.error().message));
    QCOMPARE(exportLog(t.path() + QLatin1Char('x'), ExportFormat::Csv, full).error().kind, Error::Kind::NotFound);
}

COUNTERSIGN_TEST(tst_Exporters)
#include "tst_Exporters.moc"
