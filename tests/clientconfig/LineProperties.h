// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "EditProof.h"
#include <QObject>

// What holds for any document of a format that goes by lines, generated from a seed. Base of the tests of these formats.
class LineProperties : public QObject
{
    Q_OBJECT
protected:
    struct Document {
        QByteArray text;
        mcpcore::EntryPlace place;
    };
    explicit LineProperties(mcpcore::ConfigDialect::Format format) : m_dialect{format, false, false, true, true} {}
    virtual Document next(quint32 seed) const = 0;
    virtual Document damagedOne(quint32 seed) const = 0;

private Q_SLOTS:
    void connectThenDisconnectIsTheIdentity();
    void connectionsComeAndGoInAnyOrder();
    void damageIsRefusedOrEditedRightly();

private:
    const mcpcore::ConfigDialect m_dialect;
};
