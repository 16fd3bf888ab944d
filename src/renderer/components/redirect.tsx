import { useLayoutEffect } from "react";
import { useNavigate, useNavigation } from "react-router";

/**
 * Leads on to another address in the place of this one, unless the window is already on its way elsewhere: a redirect
 * would end the navigation that waits for its workspace to load, and a person's key would be lost. In the same moment
 * in which it is on screen, or a key could come in between.
 */
export function Redirect({ to }: { to: string }) {
  const navigate = useNavigate();
  const isIdle = useNavigation().state === "idle";
  useLayoutEffect(() => {
    if (isIdle) void navigate(to, { replace: true });
  }, [isIdle, navigate, to]);
  return null;
}
