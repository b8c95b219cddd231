package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.Payload;
import org.gridwarden.message.TransportKey;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Credential;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libcoap's coap-client (Debian's libcoap3-bin) speaks to the endpoint. */
class LibcoapIT {
  @TempDir private Path folder;

  private record Ran(int status, String out) {}

  private Ran run(List<String> command) throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command.toString()).isTrue();
      return new Ran(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> command(
      String program, TestOffice office, String path, String... more) {
    List<String> command = new ArrayList<>(List.of(program, "-v", "6"));
    command.addAll(List.of(more));
    command.add(
        (program.endsWith("notls") ? "coap" : "coaps")
            + "://127.0.0.1:"
            + office.port()
            + "/"
            + path);
    return command;
  }

  private Path message(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("message"), bytes);
  }

  private static String key(MeterId meter) {
    return new String(
        TransportKey.DTLS.of(meter, TestOffice.key(meter, Purpose.MESSAGE)).copy(),
        StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void posts(boolean nonConfirmable) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String file = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 117))).toString();
      List<String> command =
          command("coap-client-notls", office, "gw/usage", "-m", "post", "-t", "16", "-f", file);
      if (nonConfirmable) {
        command.add(1, "-N");
      }
      Ran ran = run(command);
      assertThat(ran.out()).contains("2.04");
      assertThat(office.submitted).hasSize(1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "64", "256", "1024"})
  void postsInBlocks(String size) throws Exception {
    try (TestOffice office = new TestOffice()) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, large(A, 40));
      String file = message(message).toString();
      run(
          command(
              "coap-client-notls",
              office,
              "gw/usage",
              "-m",
              "post",
              "-t",
              "16",
              "-b",
              size,
              "-f",
              file));
      assertThat(office.submitted).hasSize(1);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @Test
  @DisplayName("it sends the Echo back by itself and gets the long answer, in blocks")
  void discovers() throws Exception {
    try (TestOffice office = new TestOffice()) {
      Path links = folder.resolve("links");
      run(
          command(
              "coap-client-notls", office, ".well-known/core", "-b", "64", "-o", links.toString()));
      assertThat(Files.readString(links)).contains("</gw/orders>;rt=\"gw.orders\";ct=16;obs");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
  @DisplayName("C22: under DTLS by a shared key it is the one meter")
  void sharedKey(String program) throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      String own = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 3))).toString();
      List<String> post =
          List.of("-m", "post", "-t", "16", "-f", own, "-u", A.value(), "-k", key(A));
      run(command(program, office, "gw/usage", post.toArray(String[]::new)));
      assertThat(office.submitted).hasSize(1);
      message(office.end(B).seal(Form.SENML_CBOR, usage(B, 3)));
      run(command(program, office, "gw/usage", post.toArray(String[]::new)));
      assertThat(office.channel.tally().of(Tally.What.UNAUTHENTICATED)).isEqualTo(1);
      List<String> wrong = new ArrayList<>(post);
      wrong.set(wrong.size() - 1, key(B));
      wrong.addAll(List.of("-B", "3"));
      run(command(program, office, "gw/usage", wrong.toArray(String[]::new)));
      assertThat(office.submitted).hasSize(1);
    }
  }

  private static String pem(PrivateKey key) {
    return CertificatePem.block("PRIVATE KEY", key.getEncoded());
  }

  @Test
  void certificate() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      Credential own = office.authority.orElseThrow().meter(A);
      Path shown = folder.resolve("meter.pem");
      Files.writeString(shown, CertificatePem.of(own.chain()) + pem(own.key()));
      Path root = folder.resolve("root.pem");
      Files.writeString(
          root, CertificatePem.of(List.of(office.authority.orElseThrow().authority.root())));
      String file = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 4))).toString();
      Ran ran =
          run(
              command(
                  "coap-client-openssl",
                  office,
                  "gw/usage",
                  "-m",
                  "post",
                  "-t",
                  "16",
                  "-f",
                  file,
                  "-c",
                  shown.toString(),
                  "-j",
                  shown.toString(),
                  "-R",
                  root.toString(),
                  "-B",
                  "20"));
      assertThat(office.submitted).as(ran.out()).hasSize(1);
    }
  }

  @Test
  void bareKey() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      Credential own = office.authority.orElseThrow().meter(A);
      Path key = Files.writeString(folder.resolve("pkcs8.pem"), pem(own.key()));
      Path shown = folder.resolve("key.pem");
      run(List.of("openssl", "ec", "-in", key.toString(), "-out", shown.toString()));
      String file = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 4))).toString();
      Ran ran =
          run(
              command(
                  "coap-client-gnutls",
                  office,
                  "gw/usage",
                  "-m",
                  "post",
                  "-t",
                  "16",
                  "-f",
                  file,
                  "-n",
                  "-M",
                  shown.toString(),
                  "-B",
                  "20"));
      assertThat(office.submitted).as(ran.out()).hasSize(1);
    }
  }

  @Test
  @DisplayName("it observes its mailbox over DTLS, and an order comes, in blocks")
  void observesAnOrder() throws Exception {
    try (TestOffice office = TestOffice.secure()) {
      Path out = folder.resolve("told");
      Process client =
          new ProcessBuilder(
                  command(
                      "coap-client-openssl",
                      office,
                      "gw/orders",
                      "-s",
                      "60",
                      "-o",
                      out.toString(),
                      "-u",
                      A.value(),
                      "-k",
                      key(A)))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("client").toFile())
              .start();
      try {
        await().atMost(SOON.multipliedBy(2)).until(() -> office.channel.reaches(A));
        SignedCommand command =
            new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
        try (var session = office.channel.open(A, Deadline.in(SOON.multipliedBy(6)))) {
          Thread sender =
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      session.send(command);
                    } catch (Exception e) {
                      // it answers no order
                    }
                  });
          await()
              .atMost(SOON.multipliedBy(2))
              .until(() -> Files.exists(out) && Files.size(out) > 40);
          assertThat(office.end(A).open(Files.readAllBytes(out)))
              .isInstanceOf(Payload.Dispatch.class);
          sender.interrupt();
          sender.join();
        }
      } finally {
        client.destroyForcibly();
      }
    }
  }
}
