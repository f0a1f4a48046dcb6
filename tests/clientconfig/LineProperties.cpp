// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LineProperties.h"
#include "base/Json.h"
#include <QTest>

using namespace mcpcore;

namespace {

using Kind = ConfigFault::Kind;

QByteArray countsOf(const EditProof &proof)
{
    QByteArray out = "edited " + QByteArray::number(proof.edited);
    for (auto it = proof.refused.begin(); it != proof.refused.end(); ++it)
        out += ", refused " + QByteArray::number(int(it.key())) + ": " + QByteArray::number(it.value());
    return out;
}

} // namespace

void LineProperties::connectThenDisconnectIsTheIdentity()
{
    EditProof proof{m_dialect, {}};
    for (quint32 seed = kFirstDocument; seed < kFirstDocument + documentCount(); ++seed) {
        const auto [before, place] = next(seed);
        proof.place = place;
        const QByteArray wrong = proof.wrong(before);
        QVERIFY2(wrong.isEmpty(), toldWith(seed, wrong, before).constData());
        QVERIFY2(!proof.refused.contains(Kind::Syntax), toldWith(seed, "not read", before).constData());
    }
    QVERIFY2(proof.edited > int(documentCount()) * 4 / 5, countsOf(proof).constData());
}

// Two entries of ours, as with one entry for each connection: each leaves as it came while the other stays.
void LineProperties::connectionsComeAndGoInAnyOrder()
{
    for (quint32 seed = kFirstDocument; seed < kFirstDocument + documentCount(); ++seed) {
        const auto [before, place] = next(seed);
        const EntryPlace second{place.path, QStringLiteral("second"), place.holder};
        const Json other{{"url", "x"}};
        const auto one = changedFile(before, m_dialect, place, EntryChange::Insert, entryWithEverything(), 0);
        if (!one)
            continue;
        const auto two = changedFile(one->bytes, m_dialect, second, EntryChange::Insert, other, 0);
        QVERIFY2(two, toldWith(seed, "no second", one->bytes).constData());
        const auto back = changedFile(two->bytes, m_dialect, second, EntryChange::Remove, {}, two->created);
        QVERIFY2(back && back->bytes == one->bytes, toldWith(seed, "the second does not leave", two->bytes).constData());
        const auto last = changedFile(two->bytes, m_dialect, place, EntryChange::Remove, {}, one->created);
        QVERIFY2(last, toldWith(seed, "the first does not leave", two->bytes).constData());
        const auto none = changedFile(last->bytes, m_dialect, second, EntryChange::Remove, {}, one->created);
        QVERIFY2(none && none->bytes == before, toldWith(seed, "something is left", last->bytes).constData());
    }
}

void LineProperties::damageIsRefusedOrEditedRightly()
{
    EditProof proof{m_dialect, {}};
    for (quint32 seed = kFirstDocument; seed < kFirstDocument + 4 * documentCount(); ++seed) {
        const auto [document, place] = damagedOne(seed);
        proof.place = place;
        const QByteArray wrong = proof.wrong(document);
        QVERIFY2(wrong.isEmpty(), toldWith(seed, wrong, document).constData());
        for (const EntryChange change : {EntryChange::Replace, EntryChange::Remove}) {
            const auto edited = changedFile(document, m_dialect, proof.place, change, entryWithEverything(), 0);
            QVERIFY2(edited || edited.error().kind != Kind::Changed, toldWith(seed, "not proved", document).constData());
        }
    }
    QVERIFY2(proof.edited > int(documentCount()) / 5 && proof.refused[Kind::Syntax] > int(documentCount()) / 5,
             countsOf(proof).constData());
}
