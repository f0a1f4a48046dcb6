// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Theme.h"
#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <array>

namespace ui {

namespace {

struct Row {
    Role role;
    std::array<QRgb, 3> colors; // light, dark, contrast
};

constexpr Row rows[] = {
#define TOKEN(name, light, dark, contrast) {Role::name, {light, dark, contrast}},
#include "Tokens.inc"
#undef TOKEN
};

using Table = std::array<std::array<QRgb, 3>, roleCount>;

constexpr Table tableByRole()
{
    Table table{};
    for (const Row &row : rows)
        table[size_t(row.role)] = row.colors;
    return table;
}

constexpr Table table = tableByRole();
static_assert(std::size(rows) == roleCount, "resources/theme/tokens.json and Role name different colours");

struct Scale {
    double factor;
    QFont::Weight weight;
};

Scale scaleOf(Type type)
{
    switch (type) {
    case Type::Caption: return {0.85, QFont::Normal};
    case Type::CaptionStrong: return {0.85, QFont::DemiBold};
    case Type::Small: return {0.92, QFont::Normal};
    case Type::Body: return {1.0, QFont::Normal};
    case Type::BodyMedium: return {1.0, QFont::Medium};
    case Type::BodyStrong: return {1.0, QFont::DemiBold};
    case Type::Title: return {1.15, QFont::DemiBold};
    case Type::Sentence: return {1.54, QFont::DemiBold};
    case Type::EnvWord: return {1.15, QFont::Bold};
    case Type::Code: return {0.92, QFont::Normal};
    }
    Q_UNREACHABLE();
}

} // namespace

QColor Theme::color(Role role) const
{
    return QColor::fromRgb(table[size_t(role)][size_t(m_kind)]);
}

Role Theme::role(EnvLook look, EnvPart part)
{
    constexpr int parts = int(EnvPart::Pattern) + 1;
    return Role(int(Role::SandboxSolid) + int(look) * parts + int(part));
}

Theme::Banner Theme::banner(EnvLook look)
{
    switch (look) {
    case EnvLook::Sandbox: return {Role::SandboxTint, Role::SandboxText, Role::SandboxEdge, Role::SandboxEdge};
    case EnvLook::Staging: return {Role::StagingSolid, Role::StagingOn, Role::StagingPattern, Role::StagingEdge};
    case EnvLook::Production: return {Role::ProductionSolid, Role::ProductionOn, Role::ProductionPattern, Role::ProductionEdge};
    }
    Q_UNREACHABLE();
}

QFont Theme::font(Type type)
{
    const QFont base = QApplication::font();
    const Scale scale = scaleOf(type);
    QFont font = type == Type::Code ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : base;
    if (base.pixelSize() > 0)
        font.setPixelSize(std::max(1, qRound(base.pixelSize() * scale.factor)));
    else
        font.setPointSizeF(base.pointSizeF() * scale.factor);
    font.setWeight(scale.weight);
    if (type == Type::EnvWord)
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.06 * QFontInfo(font).pixelSize());
    return font;
}

QPalette Theme::palette() const
{
    QPalette palette;
    const std::pair<QPalette::ColorRole, Role> roles[] = {
        {QPalette::Window, Role::Window},
        {QPalette::WindowText, Role::Text},
        {QPalette::Base, Role::Surface},
        {QPalette::AlternateBase, Role::Sunken},
        {QPalette::Text, Role::Text},
        {QPalette::PlaceholderText, Role::TextFaint},
        {QPalette::Button, Role::ButtonBg},
        {QPalette::ButtonText, Role::Text},
        {QPalette::BrightText, Role::Text},
        {QPalette::Highlight, Role::Selected},
        {QPalette::HighlightedText, Role::Text},
        {QPalette::Link, Role::AccentText},
        {QPalette::LinkVisited, Role::AccentText},
        {QPalette::ToolTipBase, Role::Popup},
        {QPalette::ToolTipText, Role::Text},
        {QPalette::Light, Role::Surface},
        {QPalette::Midlight, Role::Hover},
        {QPalette::Mid, Role::Border},
        {QPalette::Dark, Role::BorderStrong},
        {QPalette::Shadow, Role::BorderStrong},
    };
    for (const auto &[target, source] : roles)
        palette.setColor(target, color(source));
    for (const auto target : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, target, color(Role::ButtonDisabledText));
    palette.setColor(QPalette::Disabled, QPalette::Button, color(Role::ButtonDisabledBg));
    return palette;
}

} // namespace ui
