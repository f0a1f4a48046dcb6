// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A server with its key in a client's file comes behind Countersign, and that client's next call arrives; undone, all is as it was.
#include "endtoend/Programs.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const QByteArray kKey("echo_CANARY_0123456789abcdef");

QByteArray get(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// What a client starts for our entry.
QStringList commandIn(const QString &path)
{
    const QByteArray bytes = get(path);
    const auto file = parseJson({bytes.constData(), size_t(bytes.size())});
    if (!file || !(*file)["mcpServers"].contains("countersign"))
        return {};
    const Json entry = (*file)["mcpServers"]["countersign"];
    QStringList words{entry["command"].get<QString>()};
    for (const Json &word : entry["args"])
        words.append(word.get<QString>());
    return words;
}

} // namespace

class tst_Import : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aServerOfAFileIsCalledThroughUsAndGoesBack()
    {
        Setup setup;
        const QString file = setup.file("mcp.json");
        const QByteArray before = toBytes({{"mcpServers",
                                            {{"echo",
                                              {{"command", peer("node")},
                                               {"args", {peer("echo-server.mjs"), "--secret-env", "ECHO_KEY"}},
                                               {"env", {{"ECHO_KEY", kKey.toStdString()}, {"ECHO_LEVEL", "7"}}}}}}}});
        {
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(before) == before.size());
        }
        const QStringList import{QStringLiteral("client"), QStringLiteral("import"), QStringLiteral("cursor"), QStringLiteral("--file"),
                                 file};
        const auto looked = setup.ctl(import);
        QCOMPARE(looked.code, 0);
        QVERIFY2(!looked.out.contains(kKey), looked.out.constData());
        QCOMPARE(get(file), before);
        const QStringList chosen{QStringLiteral("--entry"), QStringLiteral("echo")};
        QCOMPARE(setup.ctl(import + chosen).code, 1); // such a key does not say where it belongs
        QCOMPARE(get(file), before);
        const auto done = setup.ctl(import + chosen + QStringList{QStringLiteral("--env"), QStringLiteral("sandbox")});
        QVERIFY2(done.code == 0, (done.out + done.err).constData());
        QVERIFY(!get(file).contains(kKey));
        setup.trust("echo");
        setup.addRule(R"({"effect":"allow","connection":"echo","environment":"sandbox"})");

        const QStringList command = commandIn(file);
        QVERIFY(!command.isEmpty());
        {
            Gateway gateway;
            gateway.serve(setup);
            SdkClient client;
            client.connectBy(QStringList{QStringLiteral("--")} + command);
            client.call("look", "echo__environment", Json::object());
            const QString text = SdkClient::textOf(client.outcome("look"));
            const auto seen = parseJson(text.toStdString());
            QVERIFY2(seen && boolAt(*seen, "secretSet", false), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("ECHO_LEVEL")), qPrintable(text));
        }
        QCOMPARE(
            setup.ctl({QStringLiteral("client"), QStringLiteral("undo"), QStringLiteral("cursor"), QStringLiteral("--file"), file}).code,
            0);
        QCOMPARE(get(file), before);
        Gateway gateway;
        gateway.serve(setup);
        Talker client;
        client.start(peer("node"), QStringList{peer("sdk-client.mjs"), QStringLiteral("--")} + command);
        QVERIFY(!client.event("error").empty()); // its access has ended
    }
};

COUNTERSIGN_TEST(tst_Import)
#include "tst_Import.moc"
