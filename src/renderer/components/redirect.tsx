import { Navigate, type To, useNavigation } from "react-router";

/**
 * Leads on to another address in the place of this one, unless the window is already on its way elsewhere: a redirect
 * would end the navigation that waits for its workspace to load, and a person's key would be lost.
 */
export function Redirect({ to }: { to: To }) {
  return useNavigation().state === "idle" ? <Navigate to={to} replace /> : null;
}
