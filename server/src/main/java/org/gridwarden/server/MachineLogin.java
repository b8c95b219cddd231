package org.gridwarden.server;

import java.security.Principal;

/**
 * A machine that asks with a key or certificate of its own. Its name has a stroke, which no
 * person's has.
 *
 * @param machine what it is called in the list of machines
 */
record MachineLogin(String machine) implements Principal {
  @Override
  public String getName() {
    return "machine/" + machine;
  }
}
