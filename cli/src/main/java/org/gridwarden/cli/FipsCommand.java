package org.gridwarden.cli;

import java.io.PrintWriter;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.security.fips.FipsMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What this process would do and refuse as a FIPS distribution, tried out. */
@Command(
    name = "fips",
    description =
        "Says whether this is the FIPS distribution (./gridwarden dist --fips), tries what it must"
            + " refuse and what it must do, and ends with 1 where one of them is not so. It says"
            + " nothing of a validation.")
final class FipsCommand implements java.util.concurrent.Callable<Integer> {
  /** Something that is tried. */
  private interface Attempt {
    Object make() throws Exception;
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  private final List<String> wrong = new ArrayList<>();
  private final Map<String, String> seen = new LinkedHashMap<>();

  @Override
  public Integer call() {
    List<String> providers = Arrays.stream(Security.getProviders()).map(Provider::getName).toList();
    List<String> foreign =
        Arrays.stream(System.getProperty("java.class.path").split(":"))
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .filter(jar -> jar.matches("bc[a-z]+-(jdk|lts).*"))
            .toList();
    if (!FipsMode.on()) {
      wrong.add("approved-only mode is off: start target/dist-fips/gridwarden");
    }
    if (!providers.equals(List.of("BCFIPS", "BCJSSE", "GridwardenNames"))) {
      wrong.add("the providers are " + providers + ", not BCFIPS, BCJSSE and the names alone");
    }
    if (!foreign.isEmpty()) {
      wrong.add("another Bouncy Castle is on the class path: " + foreign);
    }
    refused().forEach((name, attempt) -> attempt(name, attempt, false));
    done().forEach((name, attempt) -> attempt(name, attempt, true));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode all = JsonMapper.shared().createObjectNode().put("ok", wrong.isEmpty());
      providers.forEach(all.putArray("providers")::add);
      ObjectNode tried = all.putObject("tried");
      seen.forEach(tried::put);
      wrong.forEach(all.putArray("wrong")::add);
      out.println(all);
    } else {
      out.println("Providers: " + String.join(", ", providers));
      Table.print(
          out,
          List.of("tried", "outcome"),
          seen.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
    }
    out.flush();
    if (!wrong.isEmpty()) {
      throw new Failure(String.join("; ", wrong));
    }
    return Gridwarden.OK;
  }

  private void attempt(String name, Attempt attempt, boolean must) {
    boolean did;
    try {
      attempt.make();
      did = true;
    } catch (Exception | LinkageError e) {
      did = false;
    } catch (Error e) {
      // the module refuses what is not approved by an Error of its own
      if (!e.getClass().getName().startsWith("org.bouncycastle.")
          && !(e instanceof InternalError)) {
        throw e;
      }
      did = false;
    }
    seen.put(name, did ? "done" : "refused");
    if (did != must) {
      wrong.add(name + " was " + (did ? "done" : "refused"));
    }
  }

  private static Map<String, Attempt> refused() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("MD5 (DLMS HLS mechanism 3)", () -> MessageDigest.getInstance("MD5"));
    all.put("RSA of 1,024 bits", () -> rsa(1024));
    all.put("an HMAC key of 40 bits", () -> hmac(5));
    all.put("a password of 8 characters", () -> pbkdf2("12345678"));
    all.put(
        "Argon2id", () -> Class.forName("org.bouncycastle.crypto.generators.Argon2BytesGenerator"));
    all.put("ChaCha20-Poly1305", () -> Cipher.getInstance("ChaCha20-Poly1305"));
    all.put("X25519 (backups)", () -> KeyPairGenerator.getInstance("X25519"));
    all.put("RC4", () -> Cipher.getInstance("RC4"));
    all.put("key store PKCS12 (operators' key files)", () -> KeyStore.getInstance("PKCS12"));
    all.put(
        "PKCS#11 tokens",
        () -> {
          if (Security.getProvider("SunPKCS11") == null) {
            throw new java.security.NoSuchProviderException("SunPKCS11");
          }
          return "";
        });
    all.put("key store JKS", () -> KeyStore.getInstance("JKS"));
    all.put(
        "a generator that is no DRBG (NativePRNG)", () -> SecureRandom.getInstance("NativePRNG"));
    all.put("a generator that is no DRBG (SHA1PRNG)", () -> SecureRandom.getInstance("SHA1PRNG"));
    all.put("3DES encryption", FipsCommand::tripleDes);
    all.put("MD5withRSA", () -> Signature.getInstance("MD5withRSA"));
    return all;
  }

  private static Map<String, Attempt> done() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("AES-GCM (DLMS suites 0 to 2)", FipsCommand::gcm);
    all.put("AES key wrap (DLMS key transfer)", () -> Cipher.getInstance("AES/KW/NoPadding"));
    all.put("SHA-256", () -> MessageDigest.getInstance("SHA-256"));
    all.put("ECDSA P-256, r and s", () -> ecdsa("secp256r1", "SHA256withECDSAinP1363Format"));
    all.put("ECDSA P-384, r and s", () -> ecdsa("secp384r1", "SHA384withECDSAinP1363Format"));
    all.put("ECDH", () -> KeyAgreement.getInstance("ECDH"));
    all.put("RSA of 3,072 bits", () -> rsa(3072));
    all.put("PBKDF2, a password of 20 characters", () -> pbkdf2("12345678901234567890"));
    all.put("HMAC-SHA-256, 256 bits", () -> hmac(32));
    all.put("DRBG, asked for by name", () -> SecureRandom.getInstance("DRBG").nextInt());
    return all;
  }

  private static Object rsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static Object hmac(int bytes) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(new byte[bytes], "HmacSHA256"));
    return mac.doFinal();
  }

  private static Object pbkdf2(String password) throws Exception {
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
        .generateSecret(new PBEKeySpec(password.toCharArray(), new byte[16], 1000, 256))
        .getEncoded();
  }

  private static Object tripleDes() throws Exception {
    Cipher cipher = Cipher.getInstance("DESede/CBC/PKCS5Padding");
    byte[] key = new byte[24];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i * 7);
    }
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DESede"));
    return cipher.doFinal(new byte[8]);
  }

  private static Object gcm() throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(new byte[16], "AES"),
        new GCMParameterSpec(96, new byte[12]));
    return cipher.doFinal(new byte[16]);
  }

  private static Object ecdsa(String curve, String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    var pair = generator.generateKeyPair();
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(new byte[] {1});
    byte[] signature = signer.sign();
    signer.initVerify(pair.getPublic());
    signer.update(new byte[] {1});
    if (!signer.verify(signature)) {
      throw new IllegalStateException("it does not verify");
    }
    return signature;
  }
}
