// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/RequestSeal.h"
#include "support/FakeClock.h"
#include "support/Runner.h"
#include <QTest>

using namespace mcpcore;

class tst_RequestSeal : public QObject
{
    Q_OBJECT

    FakeClock m_clock;
    SystemIds m_ids{m_clock};
    RequestSeal m_seal{m_ids};

private Q_SLOTS:
    void whatWasSealedIsOpenedForTheSameBinding()
    {
        const QByteArray state = m_seal.sealed("the call", "claude");
        QVERIFY(!QByteArray::fromBase64(state, QByteArray::Base64UrlEncoding).contains("the call"));
        QCOMPARE(m_seal.opened(state, "claude"), std::optional<QByteArray>("the call"));
        QCOMPARE(m_seal.opened(state, "cursor"), std::nullopt);
        QVERIFY(m_seal.sealed("the call", "claude") != state);
    }
    void nothingThatWasChangedIsOpened()
    {
        const QByteArray state = m_seal.sealed("the call", "claude");
        for (qsizetype i = 0; i < state.size() - 1; ++i) {
            QByteArray changed = state;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            QCOMPARE(m_seal.opened(changed, "claude"), std::nullopt);
        }
        for (const QByteArray &other :
             {QByteArray(), QByteArray("?"), state.left(20), QByteArray(state + "-TAMPERED"), QByteArray("A") + state})
            QCOMPARE(m_seal.opened(other, "claude"), std::nullopt);
    }
    void anotherProcessCannotOpenIt()
    {
        const RequestSeal other(m_ids);
        QCOMPARE(other.opened(m_seal.sealed("the call", "claude"), "claude"), std::nullopt);
    }
};
COUNTERSIGN_TEST(tst_RequestSeal)
#include "tst_RequestSeal.moc"
