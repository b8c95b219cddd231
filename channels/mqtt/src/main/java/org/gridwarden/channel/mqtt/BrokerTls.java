package org.gridwarden.channel.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.gridwarden.security.certificate.CertificatePem;

/** TLS with a broker: 1.2 or newer, and its certificate must have its name. Pure functions. */
final class BrokerTls {
  private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private BrokerTls() {}

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException naming the key whose file cannot be used
   */
  static MqttClientSslConfig config(BrokerSettings.Tls tls) {
    MqttClientSslConfigBuilder builder = MqttClientSslConfig.builder().protocols(VERSIONS);
    if (tls.trust().isPresent()) {
      builder = builder.trustManagerFactory(trust(tls.trust().get()));
    }
    if (tls.own().isPresent()) {
      builder = builder.keyManagerFactory(own(tls.own().get()));
    }
    return builder.build();
  }

  private static TrustManagerFactory trust(Path file) {
    try {
      KeyStore store = empty();
      int number = 0;
      for (X509Certificate certificate : CertificatePem.read(file)) {
        store.setCertificateEntry("trust-" + number++, certificate);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("trust", "certificates in PEM: " + file, e);
    }
  }

  private static KeyManagerFactory own(BrokerSettings.Own own) {
    try {
      Certificate[] chain = CertificatePem.read(own.certificate()).toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw new IOException("it holds none");
      }
      PrivateKey key = key(own.key(), chain[0].getPublicKey().getAlgorithm());
      KeyStore store = empty();
      store.setKeyEntry("own", key, new char[0], chain);
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      return factory;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(
          "certificate", "a certificate in PEM, its key in PKCS#8: " + own.certificate(), e);
    }
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw new IOException("the key has no PRIVATE KEY in it");
    }
    byte[] der = Base64.getMimeDecoder().decode(text.substring(from + BEGIN.length(), to).strip());
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static IllegalArgumentException unusable(String key, String should, Exception e) {
    return new IllegalArgumentException(
        "'broker." + key + "' must be " + should + ": " + e.getMessage(), e);
  }
}
