package org.gridwarden.server;

import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Notes in the audit log what the present request did. */
final class Audit {
  private Audit() {}

  /** Who asks. */
  static Actor actor() {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    if (who == null || who.getName() == null) {
      return Actor.system("server");
    }
    boolean person = SessionGate.person(who.getPrincipal());
    return new Actor(
        person ? Actor.Kind.PERSON : Actor.Kind.MACHINE, String.valueOf(who.getName()));
  }

  static void note(Office office, String action, byte[] detail) {
    Actor who = actor();
    Function<Tx, Long> append = tx -> office.store().auditLog().append(tx, who, action, detail);
    var unused = office.store().unitOfWork().call(append);
  }
}
