package org.gridwarden.server;

import java.io.Serial;
import java.io.Serializable;
import java.security.Principal;

/**
 * Who a session belongs to.
 *
 * @param user the name
 * @param version the user's version at login: with another one the session has ended
 * @param session names it among {@link Sessions}
 * @param proven whether an identity provider says that a second factor was shown
 */
record Login(String user, long version, String session, boolean proven)
    implements Principal, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** By a password. */
  Login(String user, long version, String session) {
    this(user, version, session, false);
  }

  @Override
  public String getName() {
    return user;
  }
}
