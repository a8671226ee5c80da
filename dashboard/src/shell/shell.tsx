import {
  ActionIcon,
  AppShell,
  Burger,
  Kbd,
  Menu,
  NavLink,
  Tooltip,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconClock,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { signOut } from "../api/client";
import { useLive } from "../api/live";
import { useMay, useSession } from "../api/session";
import { Name } from "../common/name";
import { localZoneName, switchZone, useZone } from "../common/zone";
import { Banner } from "./banner";
import { openPalette, Palette } from "./palette";
import { places, type Place } from "./routes";
import { SignInAgain } from "./sign_in";
import classes from "./shell.module.css";

/** What stands around every page. */
export function Shell(props: { children: ReactNode }) {
  const [open, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !open } }}
      padding={0}
    >
      <a href="#content" className={classes.skip}>
        To the content
      </a>
      <AppShell.Header className={classes.header}>
        <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
        <Link href="/" className={classes.brand} aria-label="Muster: overview">
          <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden>
            <rect width="32" height="32" rx="7" fill="var(--accent)" />
            <path
              d="M7 23V9l9 9 9-9v14"
              fill="none"
              stroke="var(--panel)"
              strokeWidth="3.2"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          <span>Muster</span>
        </Link>
        <ServerName />
        <button
          type="button"
          className={classes.search}
          onClick={openPalette}
          aria-label="Go to or find"
        >
          <IconSearch size={15} aria-hidden />
          <span className={classes.searchText}>Go to or find</span>
          <span className={classes.keys}>
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">K</Kbd>
          </span>
        </button>
        <ZoneSwitch />
        <SchemeSwitch />
        <UserMenu />
      </AppShell.Header>
      <AppShell.Navbar className={classes.nav} aria-label="Pages">
        {places.map((place) => (
          <NavEntry key={place.href} place={place} onClick={close} />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes.main}>
        <Banner />
        {props.children}
      </AppShell.Main>
      <Palette />
      <SignInAgain />
    </AppShell>
  );
}

function NavEntry({ place, onClick }: { place: Place; onClick: () => void }) {
  const [path] = useLocation();
  const may = useMay(place.needs);
  if (!may) return null;
  const here =
    place.href === "/" ? path === "/" || path === "/overview" : path.startsWith(place.href);
  return (
    <NavLink
      component={Link}
      href={place.href}
      label={place.title}
      leftSection={<place.icon size={18} stroke={1.6} aria-hidden />}
      active={here}
      aria-current={here ? "page" : undefined}
      onClick={onClick}
      className={classes.link}
    />
  );
}

/** Which server this is: an operator has several windows open. */
function ServerName() {
  const overview = useLive<{ server_name: string; draining: boolean }>("/overview").value;
  if (!overview) return null;
  return (
    <span className={classes.server}>
      <Name of={overview.server_name} max={40} dim />
      {overview.draining && <span className={classes.draining}>draining</span>}
    </span>
  );
}

function ZoneSwitch() {
  const zone = useZone();
  const other = zone === "utc" ? localZoneName() : "UTC";
  return (
    <Tooltip label={`Times are in ${zone === "utc" ? "UTC" : localZoneName()}; click for ${other}`}>
      <button
        type="button"
        className={classes.zone}
        onClick={switchZone}
        aria-label={`Show times in ${other}`}
      >
        <IconClock size={16} stroke={1.6} aria-hidden />
        <span>{zone === "utc" ? "UTC" : "Local"}</span>
      </button>
    </Tooltip>
  );
}

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark =
    colorScheme === "dark" ||
    (colorScheme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={() => setColorScheme(dark ? "light" : "dark")}
      aria-label={dark ? "Light colours" : "Dark colours"}
      title={dark ? "Light colours" : "Dark colours"}
    >
      {dark ? <IconSun size={18} stroke={1.6} /> : <IconMoon size={18} stroke={1.6} />}
    </ActionIcon>
  );
}

function UserMenu() {
  const { who } = useSession();
  if (!who) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Signed in as ${who.username}`}>
          <IconUserCircle size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Name of={who.username} max={60} /> {"\u00b7"} {who.role}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
