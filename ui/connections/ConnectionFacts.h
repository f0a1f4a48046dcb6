// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"

namespace ui {

// One line of the detail: what it is, and the value, which may be what others wrote.
struct ConnectionFact {
    enum class Look { Text, Code, Strong, Caution };
    QString label, value;
    Look look = Look::Text;

    friend bool operator==(const ConnectionFact &, const ConnectionFact &) = default;
};
struct ConnectionFacts {
    QString title;
    QList<ConnectionFact> facts;

    friend bool operator==(const ConnectionFacts &, const ConnectionFacts &) = default;
};

// What the detail says of a cell below its sign-in: the key, the sign-in, the link. Pure.
QList<ConnectionFacts> factsOf(const ConnectionText::Known &known);

} // namespace ui
