// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Completion.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_Completion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersOnce()
    {
        int answers = 0;
        Completion<int> done(this, [&](Result<int> result) { answers += result.value_or(100); });
        done(1);
        done(1);
        QCOMPARE(answers, 1);
    }
    void droppingItIsAnAnswer()
    {
        std::optional<Error::Kind> kind;
        {
            Completion<> done(this, [&](Result<> result) { kind = result.error().kind; });
        }
        QCOMPARE(kind, Error::Kind::Abandoned);
    }
    void isSilentWhenTheGuardIsGone()
    {
        bool called = false;
        auto guard = std::make_unique<QObject>();
        Completion<> done(guard.get(), [&](Result<>) { called = true; });
        guard.reset();
        QVERIFY(!done);
        done({});
        QVERIFY(!called);
    }
    void movingItAnswersTheOneItReplaces()
    {
        int abandoned = 0;
        Completion<> first(this, [&](Result<> result) { abandoned += !result; });
        first = Completion<>(this, [](Result<>) {});
        QCOMPARE(abandoned, 1);
        first({});
    }
    void ownsMoveOnlyThings()
    {
        int seen = 0;
        Completion<> done(this, [value = std::make_unique<int>(7), &seen](Result<>) { seen = *value; });
        done({});
        QCOMPARE(seen, 7);
    }
};

COUNTERSIGN_TEST(tst_Completion)
#include "tst_Completion.moc"
