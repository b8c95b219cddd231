package org.gridwarden.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.access.SpokenCode;

/**
 * Sessions of people (C29): one ends that is silent for too long, that is too old however busy, and
 * the longest silent one where somebody opens too many. A page that only refreshes itself keeps no
 * session. Thread-safe.
 */
final class Sessions {
  private static final int MAX_SESSIONS = 20_000;

  private final InstantSource clock;
  private final Duration idle;
  private final Duration longest;
  private final int perUser;
  private final Map<String, Open> open = new HashMap<>();

  /**
   * @param idle after so long without a request it ends
   * @param longest after so long it ends in any case
   * @param perUser how many one user may have
   */
  Sessions(InstantSource clock, Duration idle, Duration longest, int perUser) {
    this.clock = clock;
    this.idle = idle;
    this.longest = longest;
    this.perUser = perUser;
  }

  /**
   * A session.
   *
   * @param id names it, and opens nothing
   * @param source from which address it was opened
   * @param agent what the browser calls itself
   */
  record Open(String id, String user, Instant since, Instant seen, String source, String agent) {}

  /** Opens one; returns its id. */
  synchronized String open(String user, String source, String agent) {
    Instant now = clock.instant();
    open.values().removeIf(s -> over(s, now));
    List<Open> others = of(user);
    for (int i = 0; i <= others.size() - perUser; i++) {
      open.remove(others.get(i).id());
    }
    if (open.size() >= MAX_SESSIONS) {
      throw FaultException.tooMany("session", "too many are logged in: try again later", 60);
    }
    String id = SpokenCode.random(16, 0);
    String told = agent.length() > 200 ? agent.substring(0, 200) : agent;
    open.put(id, new Open(id, user, now, now, source, told));
    return id;
  }

  /**
   * Whether a session goes on.
   *
   * @param used whether somebody is at work in it, and no page that refreshes itself
   */
  synchronized boolean goesOn(String id, boolean used) {
    Instant now = clock.instant();
    Open session = open.get(id);
    if (session == null) {
      return false;
    }
    if (over(session, now)) {
      open.remove(id);
      return false;
    }
    if (used) {
      open.put(id, new Open(id, session.user, session.since, now, session.source, session.agent));
    }
    return true;
  }

  /** A user's, the longest silent first. */
  synchronized List<Open> of(String user) {
    Instant now = clock.instant();
    return open.values().stream()
        .filter(s -> s.user.equalsIgnoreCase(user) && !over(s, now))
        .sorted(Comparator.comparing(Open::seen).thenComparing(Open::since))
        .toList();
  }

  /** Ends one of a user's; false where there is none. */
  synchronized boolean end(String user, String id) {
    Open session = open.get(id);
    return session != null && session.user.equalsIgnoreCase(user) && open.remove(id) != null;
  }

  private boolean over(Open session, Instant now) {
    return !now.isBefore(session.seen.plus(idle)) || !now.isBefore(session.since.plus(longest));
  }
}
