// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "architecture/Source.h"
#include <functional>

// One rule of the house, with the samples that prove it can fail and does not fail on everything.
struct Rule {
    struct Sample {
        const char *path;
        const char *text;
    };
    const char *sentence;
    // One line for each breach: "<line>: <what>". Empty when the file obeys or is none of this rule's business.
    std::function<QStringList(const Source &)> breaches;
    std::vector<Sample> bad;
    std::vector<Sample> good;
};

std::vector<Rule> includeRules(); // who may include whom
std::vector<Rule> wordRules();    // what is not written in code
std::vector<Rule> fileRules();    // how a file looks
