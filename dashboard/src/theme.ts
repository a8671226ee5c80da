import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one colour that is ours: what can be acted on. */
const teal: MantineColorsTuple = [
  "#effbf8",
  "#d9f3ed",
  "#aee6da",
  "#7fd6c5",
  "#4fc0ad",
  "#2aa694",
  "#178b7b",
  "#0f766e",
  "#0c5f59",
  "#0a4743",
];

/** The greys of base.css, for what Mantine paints in the dark: fields, lists, dialogs. */
const dark: MantineColorsTuple = [
  "#dfe3e6",
  "#b8bfc5",
  "#98a1a9",
  "#6f7880",
  "#3a4046",
  "#2c3034",
  "#212529",
  "#1b1e21",
  "#16191b",
  "#131517",
];

/** What hurts. */
const red: MantineColorsTuple = [
  "#fef0ee",
  "#fcdcd8",
  "#f9bcb4",
  "#f79f94",
  "#f58d80",
  "#ec6556",
  "#d13526",
  "#b42318",
  "#931c13",
  "#73160f",
];

export const theme = createTheme({
  primaryColor: "teal",
  // White letters can be read on it in both schemes.
  primaryShade: 7,
  autoContrast: true,
  colors: { teal, dark, red },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.4" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
  },
});
