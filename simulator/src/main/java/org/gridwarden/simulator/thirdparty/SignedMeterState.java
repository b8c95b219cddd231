package org.gridwarden.simulator.thirdparty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.gridwarden.core.Secret;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.StoredCounter;
import org.gridwarden.dlms.thirdparty.TransactionFile;
import org.gridwarden.dlms.thirdparty.TransactionMemory;
import org.gridwarden.security.SecretFiles;

/**
 * What such a meter has on its disk, made when it is first started: its keys, the pair with which
 * it signs, its counter, and which transactions were used. Prints no secret; thread-safe.
 */
final class SignedMeterState {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY = 16;
  private static final int BLOCK = 64;
  private static final int FARTHEST = 1_000;

  private final Path folder;
  private final Secret encryption;
  private final Secret authentication;
  private final KeyPair signing;
  private final InvocationCounter counter;
  private final TransactionMemory transactions;

  private SignedMeterState(Path folder, Secret encryption, Secret authentication, KeyPair signing)
      throws IOException {
    this.folder = folder;
    this.encryption = encryption;
    this.authentication = authentication;
    this.signing = signing;
    this.counter = new StoredCounter(counterFile(), BLOCK, FARTHEST, _ -> {});
    this.transactions = TransactionFile.open(folder.resolve("transactions"));
  }

  /**
   * Opens what there is, or makes it.
   *
   * @throws IOException where it cannot be read or written, or is damaged
   */
  static SignedMeterState open(Path folder) throws IOException {
    SecretFiles.folder(folder);
    Path secrets = folder.resolve("secrets");
    if (!Files.exists(secrets)) {
      KeyPair pair = EllipticCurve.P_256.generate();
      byte[] keys = new byte[2 * KEY];
      RANDOM.nextBytes(keys);
      SecretFiles.write(
          secrets,
          String.join(
                  "\n",
                  base64(keys),
                  base64(pair.getPrivate().getEncoded()),
                  base64(pair.getPublic().getEncoded()),
                  "")
              .getBytes(StandardCharsets.US_ASCII));
      Arrays.fill(keys, (byte) 0);
    }
    List<String> lines =
        new String(SecretFiles.read(secrets), StandardCharsets.US_ASCII).lines().toList();
    try {
      if (lines.size() != 3) {
        throw new IllegalArgumentException("it has not three lines");
      }
      byte[] keys = Base64.getDecoder().decode(lines.get(0));
      if (keys.length != 2 * KEY) {
        throw new IllegalArgumentException("its keys have another length");
      }
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new SignedMeterState(
          folder,
          new Secret(Arrays.copyOf(keys, KEY)),
          new Secret(Arrays.copyOfRange(keys, KEY, 2 * KEY)),
          new KeyPair(
              factory.generatePublic(
                  new X509EncodedKeySpec(Base64.getDecoder().decode(lines.get(2)))),
              factory.generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.get(1))))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(secrets + " is damaged: restore it, or give another folder", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private StoredCounter.Store counterFile() {
    Path file = folder.resolve("counter");
    return new StoredCounter.Store() {
      @Override
      public long load() {
        try {
          return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void save(long number) {
        try {
          SecretFiles.write(file, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** The global unicast encryption key. */
  Secret encryption() {
    return encryption;
  }

  /** The global authentication key. */
  Secret authentication() {
    return authentication;
  }

  /** With what it signs its answers. */
  KeyPair signing() {
    return signing;
  }

  InvocationCounter counter() {
    return counter;
  }

  TransactionMemory transactions() {
    return transactions;
  }
}
