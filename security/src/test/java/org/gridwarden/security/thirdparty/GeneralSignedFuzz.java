package org.gridwarden.security.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes as a general-signing order or answer, it is one in the one way, or refused.
 */
class GeneralSignedFuzz {
  private static final Order ORDER = GeneralSignedTest.order(new Action.Disconnect());

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      GeneralSigned read = GeneralSigned.parse(input);
      assertThat(read.bytes()).isEqualTo(input);
      assertThat(read.operator()).hasSize(OperatorTitle.LENGTH);
      read.check(ORDER, GeneralSignedTest.OLIVIA.getPublic(), GeneralSignedTest.METER);
    } catch (CommandException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      SignedAnswer.open(
          input,
          GeneralSignedTest.OLIVIA.getPublic(),
          GeneralSignedTest.METER,
          new byte[OperatorTitle.LENGTH],
          ORDER.id());
    } catch (CommandException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  static Stream<Arguments> seeds() throws CommandException {
    return Stream.of(
            GeneralSignedTest.signed(ORDER).bytes(),
            GeneralSignedTest.answer(
                new byte[16],
                GeneralSignedTest.METER,
                new byte[8],
                HexFormat.of().parseHex("c701c10000"),
                GeneralSignedTest.OLIVIA),
            HexFormat.of().parseHex("df82ffff"),
            HexFormat.of().parseHex("df84ffffffff"),
            HexFormat.of().parseHex("df8110"))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
