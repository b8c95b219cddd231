package org.gridwarden.mdm.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** C39: whatever comes as a bill, it is refused with its place, or verified, and never holds. */
class ProofFileFuzz {
  private static final PublicKey OFFICE = ProofField.pair().getPublic();

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    ProofFile file;
    try {
      file = ProofFile.parse(input);
    } catch (ProofException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    // no input is signed by a key that was made just now
    Verdict verdict = new BillVerifier(OFFICE, List.of(), ProofField.URDB).verify(file);
    assertThat(verdict.holds()).isFalse();
    assertThat(verdict.findings()).allSatisfy(f -> assertThat(f.what()).isNotBlank());
  }

  static Stream<Arguments> seeds() throws Exception {
    ObjectNode file = new ProofField().file();
    String whole = file.toString();
    // two days are as good for finding paths, and quicker
    for (String list : List.of("days", "received")) {
      for (String side : List.of("bill", "proof")) {
        ArrayNode days = (ArrayNode) file.path(side).path(list);
        while (days.size() > 2) {
          days.remove(2);
        }
      }
    }
    return Stream.of("{}", "{\"format\":\"gridwarden bill 1\",\"bill\":{}}", file.toString(), whole)
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
