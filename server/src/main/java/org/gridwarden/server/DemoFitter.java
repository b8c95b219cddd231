package org.gridwarden.server;

import java.io.IOException;
import java.nio.file.Path;
import org.gridwarden.headend.command.OperatorKeyDesk;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.TrustFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In a demo, the fitter who goes from meter to meter and tells each whose orders it obeys from now
 * on: a model, for elsewhere no meter may obey a key because the head-end says so. Thread-safe.
 */
final class DemoFitter implements OperatorKeyDesk.Watch {
  private static final Logger LOG = LoggerFactory.getLogger(DemoFitter.class);

  private final TrustFolder trusted;

  /**
   * @param folder which the street's meters look into
   */
  DemoFitter(Path folder) {
    this.trusted = new TrustFolder(folder);
  }

  @Override
  public void taken(byte[] spki) {
    try {
      trusted.put(P256.publicKey(spki));
    } catch (IOException | CommandException e) {
      LOG.warn("the street's meters were not told of a key: {}", e.getMessage());
    }
  }

  @Override
  public void ended(byte[] keyId) {
    try {
      trusted.remove(keyId);
    } catch (IOException e) {
      LOG.warn("the street's meters were not told that a key ended: {}", e.getMessage());
    }
  }
}
