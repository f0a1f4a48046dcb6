// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "YamlDocuments.h"
#include "base/Json.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const ConfigDialect kDialect{ConfigDialect::Format::Yaml, false, false, true, true};

using Kind = ConfigFault::Kind;

QByteArray countsOf(const EditProof &proof)
{
    QByteArray out = "edited " + QByteArray::number(proof.edited);
    for (auto it = proof.refused.begin(); it != proof.refused.end(); ++it)
        out += ", refused " + QByteArray::number(int(it.key())) + ": " + QByteArray::number(it.value());
    return out;
}

} // namespace

class tst_YamlProperties : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectThenDisconnectIsTheIdentity()
    {
        EditProof proof{kDialect, {}};
        for (quint32 seed = kFirstDocument; seed < kFirstDocument + documentCount(); ++seed) {
            YamlDocuments documents(seed);
            const QByteArray before = documents.next();
            proof.place = documents.place();
            const QByteArray wrong = proof.wrong(before);
            QVERIFY2(wrong.isEmpty(), toldWith(seed, wrong, before).constData());
            QVERIFY2(!proof.refused.contains(Kind::Syntax), toldWith(seed, "not read", before).constData());
        }
        QVERIFY2(proof.edited > int(documentCount()) * 4 / 5, countsOf(proof).constData());
    }
    // Two entries of ours, as with one entry for each connection: each leaves as it came while the other stays.
    void connectionsComeAndGoInAnyOrder()
    {
        for (quint32 seed = kFirstDocument; seed < kFirstDocument + documentCount(); ++seed) {
            YamlDocuments documents(seed);
            const QByteArray before = documents.next();
            const EntryPlace place = documents.place();
            const EntryPlace second{place.path, QStringLiteral("second"), place.holder};
            const Json other{{"url", "x"}};
            const auto one = changedFile(before, kDialect, place, EntryChange::Insert, entryWithEverything(), 0);
            if (!one)
                continue;
            const auto two = changedFile(one->bytes, kDialect, second, EntryChange::Insert, other, 0);
            QVERIFY2(two, toldWith(seed, "no second", one->bytes).constData());
            const auto back = changedFile(two->bytes, kDialect, second, EntryChange::Remove, {}, two->created);
            QVERIFY2(back && back->bytes == one->bytes, toldWith(seed, "the second does not leave", two->bytes).constData());
            const auto last = changedFile(two->bytes, kDialect, place, EntryChange::Remove, {}, one->created);
            QVERIFY2(last, toldWith(seed, "the first does not leave", two->bytes).constData());
            const auto none = changedFile(last->bytes, kDialect, second, EntryChange::Remove, {}, one->created);
            QVERIFY2(none && none->bytes == before, toldWith(seed, "something is left", last->bytes).constData());
        }
    }
    void damageIsRefusedOrEditedRightly()
    {
        EditProof proof{kDialect, {}};
        for (quint32 seed = kFirstDocument; seed < kFirstDocument + 4 * documentCount(); ++seed) {
            YamlDocuments documents(seed);
            const QByteArray document = damaged(documents.next(), documents.random(), "[]{}\"'#.,:-|>&*!?%@~\\\n\r\t  a1<");
            proof.place = documents.place();
            const QByteArray wrong = proof.wrong(document);
            QVERIFY2(wrong.isEmpty(), toldWith(seed, wrong, document).constData());
            for (const EntryChange change : {EntryChange::Replace, EntryChange::Remove}) {
                const auto edited = changedFile(document, kDialect, proof.place, change, entryWithEverything(), 0);
                QVERIFY2(edited || edited.error().kind != Kind::Changed, toldWith(seed, "not proved", document).constData());
            }
        }
        QVERIFY2(proof.edited > int(documentCount()) / 5 && proof.refused[Kind::Syntax] > int(documentCount()) / 5,
                 countsOf(proof).constData());
    }
};

COUNTERSIGN_TEST(tst_YamlProperties)
#include "tst_YamlProperties.moc"
