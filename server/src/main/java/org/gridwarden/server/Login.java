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
 */
record Login(String user, long version, String session) implements Principal, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return user;
  }
}
