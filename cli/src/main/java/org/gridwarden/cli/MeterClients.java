package org.gridwarden.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.Hls;

/**
 * The clients of the simulated meter: who they are, how they prove it, what they may do.
 *
 * @param access by client number
 * @param words a line for each, for a person
 */
record MeterClients(Map<Integer, ClientAccess> access, List<String> words) {
  private static final String READS = "reads everything";
  private static final String OPERATES = "reads and writes everything, operates 0.0.96.3.10.255";

  /** Those that the options give secrets for. */
  static MeterClients of(DlmsSecurityOptions security, byte[] title) {
    MeterClients clients = new MeterClients(new LinkedHashMap<>(), new ArrayList<>());
    clients.add(16, ClientAccess.open(Rights.READ_ALL), "no security", READS);
    byte[] password = security.password();
    if (password.length > 0) {
      clients.add(17, ClientAccess.password(password, Rights.READ_ALL), "lls, the password", READS);
    }
    if (password.length > 0) {
      clients.high(19, "md5", Hls.md5(password));
      clients.high(20, "sha1", Hls.sha1(password));
      clients.high(21, "sha256", Hls.sha256(password));
    }
    if (security.hasSignKey()) {
      clients.high(22, "ecdsa", security.ecdsa());
    }
    if (security.hasKeys()) {
      DlmsKeys keys = security.keys();
      InvocationCounter counter = security.counter();
      clients.add(
          18,
          ClientAccess.gmac(() -> security.context(title, keys, counter), Rights.EVERYTHING),
          "gmac, the keys; authenticated and encrypted, suite " + security.suite().number(),
          OPERATES);
    }
    return clients;
  }

  private void high(int number, String name, HlsProver prover) {
    add(
        number,
        ClientAccess.high(prover.mechanism(), () -> prover, Rights.READ_ALL),
        name + (name.equals("ecdsa") ? ", the key pairs" : ", the password as its secret"),
        READS);
  }

  private void add(int number, ClientAccess its, String proof, String may) {
    access.put(number, its);
    words.add("  client " + number + ": " + proof + "; " + may);
  }
}
