package org.gridwarden.server;

import java.io.IOException;
import java.util.Optional;
import org.gridwarden.server.ssh.Desk;
import org.gridwarden.server.ssh.HostKey;
import org.gridwarden.server.ssh.SshDoor;

/** Opens the SSH door where the configuration asks for it. */
final class SshRoom {
  private SshRoom() {}

  static Optional<SshDoor> open(
      GridwardenConfig config,
      Stack stack,
      ServerFolder folder,
      Office office,
      Optional<Desk> desk,
      SshGate gate)
      throws IOException {
    if (!config.ssh().enabled()) {
      return Optional.empty();
    }
    if (desk.isEmpty()) {
      throw new ServerException(
          "ssh.enabled is for ./gridwarden server: take it out of the configuration here");
    }
    return Optional.of(
        stack.push(
            SshDoor.open(
                config.ssh(),
                folder.resolve("exchange"),
                HostKey.open(folder.resolve("keys"), office.key()),
                gate,
                desk.get())));
  }
}
