package org.gridwarden.server.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds a session. Half-open ones are counted per source, as everywhere in the house: a flood
 * from one address displaces itself (control C40). Thread-safe.
 */
final class Sessions implements SessionListener, PublickeyAuthenticator {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final ChannelId DOOR = new ChannelId("ssh", "console");
  private static final AttributeKey<Admission.Ticket> TICKET = new AttributeKey<>();
  private static final AttributeKey<String> KEY = new AttributeKey<>();
  private static final AttributeKey<Lease> CALLER = new AttributeKey<>();
  private static final int PER_SOURCE = 16;

  private final Gate gate;
  private final LimitedAdmission admission;

  Sessions(SshSettings settings, Gate gate) {
    this.gate = gate;
    int halfOpen = 2 * PER_SOURCE + settings.sessions();
    this.admission =
        new LimitedAdmission(
            new AdmissionLimits(
                halfOpen + settings.sessions(),
                halfOpen,
                PER_SOURCE,
                settings.sessions(),
                1,
                1,
                1,
                1,
                Set.of()));
  }

  /** Who holds the session, where somebody has come in. */
  Optional<Caller> known(Session session) {
    return Optional.ofNullable(session.getAttribute(CALLER)).map(Lease::caller);
  }

  /** Whether the user is still who came in, and the key still opens. */
  boolean stands(Session session) {
    Optional<Caller> caller = known(session);
    String key = session.getAttribute(KEY);
    return caller.isEmpty()
        || key != null && gate.stands(caller.get()) && gate.opens(caller.get().user(), key);
  }

  /** The same of a session that is open. */
  Caller caller(Session session) {
    return known(session).orElseThrow(() -> new IllegalStateException("nobody has come in"));
  }

  /** Lets the caller act on after the session, until the lease is given back. */
  Lease lease(Session session) {
    Lease lease = session.getAttribute(CALLER);
    if (lease == null || !lease.hold()) {
      throw new IllegalStateException("nobody has come in");
    }
    return lease;
  }

  /** For a caller without a session; empty where there is no such user any more. */
  Optional<Lease> lease(String user) {
    return gate.enter(user).map(caller -> new Lease(gate, caller));
  }

  @Override
  public boolean authenticate(String user, PublicKey key, ServerSession session) {
    if (TwoSteps.proven(session)) {
      return false; // one key opens; the session stands on that one
    }
    String fingerprint = SshPublicKey.fingerprint(key);
    if (!gate.opens(user, fingerprint)) {
      LOG.warn("SSH from {}: the key {} opens nothing", source(session), fingerprint);
      return false;
    }
    session.setAttribute(KEY, fingerprint);
    return true;
  }

  @Override
  public void sessionCreated(Session session) {
    Optional<Admission.Ticket> ticket =
        admission.admit(DOOR, source(session), () -> session.close(true));
    if (ticket.isEmpty()) {
      session.close(true);
      return;
    }
    session.setAttribute(TICKET, ticket.get());
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event != Event.Authenticated) {
      return;
    }
    Admission.Ticket ticket = session.getAttribute(TICKET);
    // one limit over all: the admission counts by meter, and here the console is the one
    if (ticket == null || !ticket.authenticated(new MeterId("console"))) {
      session.close(true);
      return;
    }
    try {
      Optional<Caller> caller = gate.enter(session.getUsername());
      if (caller.isEmpty()) {
        session.close(true);
        return;
      }
      session.setAttribute(CALLER, new Lease(gate, caller.get()));
      gate.note(
          caller.get().user(),
          "ssh.opened",
          "from " + source(session).getHostAddress() + " by " + session.getAttribute(KEY));
    } catch (RuntimeException e) {
      LOG.warn("an SSH session could not be noted, so it is not opened", e);
      session.close(true);
    }
  }

  @Override
  public void sessionClosed(Session session) {
    Lease lease = session.removeAttribute(CALLER);
    if (lease != null) {
      lease.close();
    }
    Admission.Ticket ticket = session.removeAttribute(TICKET);
    if (ticket != null) {
      ticket.close();
    }
  }

  /** Where the other end is. */
  static InetAddress source(Session session) {
    return session.getIoSession().getRemoteAddress() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
