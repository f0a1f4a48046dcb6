// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/clients/ClientText.h"

namespace ui {

// One line of what is known of a client: a label and what others or we say, with visible marks.
struct ClientFact {
    enum class Look { Text, Code, Caution };
    QString label, value;
    Look look = Look::Text;
    friend bool operator==(const ClientFact &, const ClientFact &) = default;
};

// Of a client that may connect. Pure.
QList<ClientFact> factsOf(const ClientText::Known &known);

} // namespace ui
