package org.gridwarden.server;

import java.util.Optional;

/**
 * Renews the console's certificate when it is asked to.
 *
 * @param certificate empty where the console speaks plain HTTP
 */
record ConsoleRenewal(Optional<ConsoleCertificate> certificate) {
  void renew() {
    certificate.ifPresent(ConsoleCertificate::renew);
  }
}
