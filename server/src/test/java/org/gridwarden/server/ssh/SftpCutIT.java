package org.gridwarden.server.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that is cut off amid a file: one that says when, which OpenSSH's does not. */
class SftpCutIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] HALF = new byte[50_000];

  @TempDir Path folder;
  private TestDoor door;
  private SshClient client;

  @BeforeEach
  void open() throws Exception {
    door = new TestDoor(folder, TestDoor.USUAL);
    client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.start();
  }

  @AfterEach
  void close() {
    client.stop();
    door.close();
  }

  private ClientSession session() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    door.keys.put(
        SshPublicKey.parse(PublicKeyEntry.toString(pair.getPublic())).fingerprint(), "olga");
    ClientSession session =
        client.connect("olga", "127.0.0.1", door.door.port()).verify(PATIENCE).getSession();
    session.addPublicKeyIdentity(pair);
    session.auth().verify(PATIENCE);
    return session;
  }

  private Path server(String place) {
    return folder.resolve("exchange/olga").resolve(place);
  }

  private long files(String place) throws Exception {
    try (Stream<Path> files = Files.list(server(place))) {
      return files.count();
    }
  }

  private static SftpClient.CloseableHandle begin(SftpClient sftp, String path) throws Exception {
    return sftp.open(
        path,
        EnumSet.of(
            SftpClient.OpenMode.Write, SftpClient.OpenMode.Create, SftpClient.OpenMode.Truncate));
  }

  @Test
  @DisplayName("C37 an upload that is cut off leaves nothing: no file, no half, no room taken")
  void cut() throws Exception {
    for (int i = 0; i < 10; i++) {
      ClientSession session = session();
      SftpClient sftp = SftpClientFactory.instance().createSftpClient(session);
      SftpClient.CloseableHandle handle = begin(sftp, "/in/cut.csv");
      sftp.write(handle, 0, HALF);
      assertThat(files(".half")).as("it is under way").isEqualTo(1);
      session.close(true).await(PATIENCE);
      await().atMost(PATIENCE).until(() -> files(".half") == 0);
    }
    assertThat(files("in")).isZero();
    assertThat(door.shipments).isEmpty();
    // ten halves were 500,000 bytes, of 300,000 that fit: what they had reserved was given back
    try (ClientSession session = session();
        SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
      try (SftpClient.CloseableHandle handle = begin(sftp, "/in/whole.bin")) {
        sftp.write(handle, 0, HALF);
      }
      assertThat(server("in/whole.bin")).hasSize(HALF.length);
    }
  }

  @Test
  @DisplayName("C37 a file that is put anew stays as it was where its successor is cut off")
  void successor() throws Exception {
    try (ClientSession session = session();
        SftpClient sftp = SftpClientFactory.instance().createSftpClient(session);
        SftpClient.CloseableHandle handle = begin(sftp, "/in/kept.bin")) {
      sftp.write(handle, 0, new byte[] {1, 2, 3});
    }
    assertThat(server("in/kept.bin")).hasBinaryContent(new byte[] {1, 2, 3});
    ClientSession session = session();
    SftpClient sftp = SftpClientFactory.instance().createSftpClient(session);
    SftpClient.CloseableHandle handle = begin(sftp, "/in/kept.bin");
    sftp.write(handle, 0, HALF);
    session.close(true).await(PATIENCE);
    await().atMost(PATIENCE).until(() -> files(".half") == 0);
    assertThat(server("in/kept.bin")).hasBinaryContent(new byte[] {1, 2, 3});
  }
}
