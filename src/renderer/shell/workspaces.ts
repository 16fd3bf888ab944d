import { BookOpen, Bot, Boxes, ChartLine, Database, MessageSquare, Settings as Gear, Table2 } from "lucide-react";
import type { LucideIcon } from "lucide-react";

const ids = ["chat", "knowledge", "batch", "agents", "datasets", "models", "dashboard", "settings"] as const;

export type Workspace = { id: (typeof ids)[number]; icon: LucideIcon; group: "work" | "system" };

/** The rail, in order; `Mod+1` … `Mod+8` follow it. */
export const workspaces: readonly Workspace[] = [
  { id: "chat", icon: MessageSquare, group: "work" },
  { id: "knowledge", icon: BookOpen, group: "work" },
  { id: "batch", icon: Table2, group: "work" },
  { id: "agents", icon: Bot, group: "work" },
  { id: "datasets", icon: Database, group: "work" },
  { id: "models", icon: Boxes, group: "system" },
  { id: "dashboard", icon: ChartLine, group: "system" },
  { id: "settings", icon: Gear, group: "system" },
];

/** The workspace that an address belongs to. */
export const workspaceOf = (pathname: string): Workspace | undefined => workspaces.find(({ id }) => pathname.split("/")[1] === id);
