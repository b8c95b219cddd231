package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApduTagTest {
  @ParameterizedTest
  @DisplayName("each service's glo- and ded- tag is that of the standard's XDLMS-APDU")
  @CsvSource({
    "1, 33, 65, initiate-request",
    "5, 37, 69, read-request",
    "6, 38, 70, write-request",
    "8, 40, 72, initiate-response",
    "12, 44, 76, read-response",
    "13, 45, 77, write-response",
    "14, 46, 78, confirmed-service-error",
    "22, 54, 86, unconfirmed-write-request",
    "24, 56, 88, information-report-request",
    "192, 200, 208, get-request",
    "193, 201, 209, set-request",
    "194, 202, 210, event-notification-request",
    "195, 203, 211, action-request",
    "196, 204, 212, get-response",
    "197, 205, 213, set-response",
    "199, 207, 215, action-response"
  })
  void ciphered(int plain, int global, int dedicated, String name) {
    assertThat(ApduTag.name(plain)).isEqualTo(name);
    assertThat(ApduTag.global(plain)).isEqualTo(global);
    assertThat(ApduTag.dedicated(plain)).isEqualTo(dedicated);
    assertThat(ApduTag.name(global)).isEqualTo("glo-" + name);
    assertThat(ApduTag.name(dedicated)).isEqualTo("ded-" + name);
    assertThat(ApduTag.isServiceCiphered(global)).isTrue();
    assertThat(ApduTag.isServiceCiphered(dedicated)).isTrue();
    assertThat(ApduTag.isDedicated(global)).isFalse();
    assertThat(ApduTag.isDedicated(dedicated)).isTrue();
    assertThat(RawApdus.plausible((byte) global)).isTrue();
    assertThat(RawApdus.plausible((byte) dedicated)).isTrue();
  }

  @ParameterizedTest
  @DisplayName("ACCESS, pushes, exceptions and block transfers have general ciphering only")
  @ValueSource(ints = {15, 16, 96, 216, 217, 218, 224})
  void generalOnly(int plain) {
    assertThatThrownBy(() -> ApduTag.global(plain)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ApduTag.dedicated(plain)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unassignedTagsHaveNoName() {
    assertThat(ApduTag.name(198)).isEmpty();
    assertThat(ApduTag.name(206)).isEmpty();
    assertThat(ApduTag.name(214)).isEmpty();
    assertThat(ApduTag.name(0xFF)).isEmpty();
  }
}
