// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QFont>
#include <QPalette>

namespace ui {

// The three looks an environment can have: widgets know looks, the shell knows environments (ui/shell/EnvLooks.h).
enum class EnvLook { Sandbox, Staging, Production };
enum class EnvPart { Solid, On, Tint, Text, Edge, Pattern };

// Every colour of resources/theme/tokens.json under its name there.
enum class Role {
    Window,
    Sidebar,
    Surface,
    Sunken,
    Popup,
    Hover,
    Selected,
    Border,
    BorderStrong,
    Text,
    TextMuted,
    TextFaint,
    Accent,
    AccentHover,
    OnAccent,
    AccentText,
    Focus,
    Caution,
    CautionTint,
    OnCaution,
    Server,
    ServerTint,
    OnServer,
    DiffAddBg,
    DiffAddText,
    DiffDelBg,
    DiffDelText,
    MarkBg,
    MarkText,
    ButtonBg,
    ButtonDisabledBg,
    ButtonDisabledText,
    SandboxSolid,
    SandboxOn,
    SandboxTint,
    SandboxText,
    SandboxEdge,
    SandboxPattern,
    StagingSolid,
    StagingOn,
    StagingTint,
    StagingText,
    StagingEdge,
    StagingPattern,
    ProductionSolid,
    ProductionOn,
    ProductionTint,
    ProductionText,
    ProductionEdge,
    ProductionPattern,
};
inline constexpr int roleCount = int(Role::ProductionPattern) + 1;

// The sizes of text, relative to the application's font.
enum class Type { Caption, CaptionStrong, Small, Body, BodyMedium, BodyStrong, Title, Sentence, EnvWord, Code };

// Pixel numbers of the design; text may make things taller.
namespace metric {
inline constexpr int control = 28, controlLarge = 36, row = 28, rowTwoLine = 54, navRow = 32, toolbar = 48, strip = 6, sidebar = 200;
inline constexpr int queue = 292, detail = 340, banner = 44, icon = 16, iconSmall = 12, iconLarge = 20, iconHuge = 36;
inline constexpr int pageEdge = 16, cardEdge = 20, gap = 12, radiusMark = 3, radius = 5, radiusPanel = 8;
} // namespace metric

// The colours and fonts of one look of the program: a plain value. Widgets keep a reference to the one that ThemeSource owns;
// it is replaced in place, followed by a palette change, so a paintEvent that asks the theme each time is always right.
class Theme
{
public:
    enum class Kind { Light, Dark, Contrast };
    struct Banner {
        Role background, text, pattern, edge;
    };

    explicit Theme(Kind kind = Kind::Light) : m_kind(kind) {}
    Kind kind() const { return m_kind; }
    QColor color(Role role) const;
    QColor color(EnvLook look, EnvPart part) const { return color(role(look, part)); }
    static Role role(EnvLook look, EnvPart part);
    static Banner banner(EnvLook look); // for switch, strip and banner; the Allow button is Solid with On
    static QFont font(Type type);
    QPalette palette() const;

private:
    Kind m_kind;
};

} // namespace ui
