package org.gridwarden.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A token of SoftHSM2, a real PKCS#11 library, in a folder of its own. The library finds that
 * folder by its process's environment, so what uses it runs in a process with {@link #environment}.
 *
 * @param library the PKCS#11 library
 * @param configuration its configuration file
 */
record SoftToken(Path library, Path configuration) {
  static final String PIN = "4711471147";

  /** Makes a token; a missing SoftHSM2 fails with its install line. */
  static SoftToken make(Path folder) throws IOException, InterruptedException {
    Path library =
        Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() ->
                new AssertionError(
                    "SoftHSM2 is missing:"
                        + " apt-get install -y --no-install-recommends softhsm2"));
    Path tokens = Files.createDirectories(folder.resolve("tokens"));
    Path configuration =
        Files.writeString(
            folder.resolve("softhsm2.conf"),
            "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    SoftToken token = new SoftToken(library, configuration);
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label=operators",
                "--pin=" + PIN,
                "--so-pin=" + PIN));
    builder.environment().putAll(token.environment());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(said);
    }
    return token;
  }

  /** How a process finds it. */
  Map<String, String> environment() {
    return Map.of("SOFTHSM2_CONF", configuration.toString());
  }
}
