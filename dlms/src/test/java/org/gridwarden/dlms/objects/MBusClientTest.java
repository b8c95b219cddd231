package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.Test;

class MBusClientTest {
  private final SampleObjects.Slave slave = new SampleObjects.Slave();
  private final MBusClient client =
      new MBusClient(ObisCode.parse("0.1.24.1.0.255"), ObisCode.parse("0.0.24.6.0.255"), slave);

  private AccessResult ask(int method) {
    return Ask.invoke(client, method, Ask.ZERO);
  }

  private AccessResult install(int address) {
    return Ask.invoke(client, 1, new DlmsData.Unsigned8(address));
  }

  private void keyIs(MBusClient.KeyStatus status, int code) {
    assertThat(client.keyStatus()).isEqualTo(status);
    assertThat(Ask.get(client, 14)).isEqualTo(new DlmsData.Enumerated(code));
  }

  @Test
  void aDeviceIsInstalledReadAndRemoved() {
    assertThat(ask(3)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    slave.answers = false;
    assertThat(install(5)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    slave.answers = true;
    assertThat(install(251)).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(install(5)).isEqualTo(AccessResult.SUCCESS);
    assertThat(install(6)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(Ask.get(client, 5)).isEqualTo(new DlmsData.Unsigned8(5));
    assertThat(Ask.get(client, 6)).isEqualTo(new DlmsData.DoubleLongUnsigned(0x1234_5678L));
    assertThat(Ask.get(client, 7)).isEqualTo(new DlmsData.LongUnsigned(0x0442));
    assertThat(Ask.get(client, 8)).isEqualTo(new DlmsData.Unsigned8(7));
    assertThat(Ask.get(client, 9)).isEqualTo(new DlmsData.Unsigned8(3));

    Ask.set(client, 3, DlmsData.Array.of(Ask.structure(Ask.octets(0x0C), Ask.octets(0x13))));
    assertThat(ask(3)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.get(client, 10)).isEqualTo(new DlmsData.Unsigned8(9));
    assertThat(Ask.get(client, 11)).isEqualTo(new DlmsData.Unsigned8(0x10));
    assertThat(Ask.get(client, 12)).isEqualTo(new DlmsData.Unsigned8(1));
    assertThat(ask(4)).isEqualTo(AccessResult.SUCCESS);
    assertThat(ask(5)).isEqualTo(AccessResult.SUCCESS);
    slave.answers = false;
    assertThat(ask(5)).isEqualTo(AccessResult.TEMPORARY_FAILURE);
    slave.answers = true;
    assertThat(
            Ask.invoke(
                client,
                6,
                DlmsData.Array.of(
                    Ask.structure(Ask.octets(1), Ask.octets(2), new DlmsData.Unsigned8(3)))))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(ask(2)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.get(client, 6)).isEqualTo(new DlmsData.DoubleLongUnsigned(0));
    assertThat(ask(3)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    assertThat(slave.asked)
        .containsExactly(
            "find 5",
            "find 5",
            "capture 1",
            "reset alarm",
            "clock",
            "clock",
            "send [Unsigned8[value=3]]",
            "use 0",
            "forget");
  }

  @Test
  void keysGoThroughAndOnlyTheirStateStays() {
    DlmsData key = DlmsData.OctetString.of(new byte[16]);
    install(5);
    keyIs(MBusClient.KeyStatus.NO_KEY, 0);
    assertThat(Ask.invoke(client, 8, key)).isEqualTo(AccessResult.SUCCESS);
    keyIs(MBusClient.KeyStatus.TRANSFERRED, 2);
    assertThat(Ask.invoke(client, 7, key)).isEqualTo(AccessResult.SUCCESS);
    keyIs(MBusClient.KeyStatus.SET_AND_TRANSFERRED, 3);
    ask(3);
    keyIs(MBusClient.KeyStatus.IN_USE, 4);
    Ask.invoke(client, 7, Ask.octets());
    keyIs(MBusClient.KeyStatus.NO_KEY, 0);
    Ask.invoke(client, 7, key);
    keyIs(MBusClient.KeyStatus.SET, 1);
    slave.answers = false;
    assertThat(Ask.invoke(client, 8, key)).isEqualTo(AccessResult.TEMPORARY_FAILURE);
    keyIs(MBusClient.KeyStatus.SET, 1);
    slave.answers = true;
    Ask.invoke(client, 8, key);
    keyIs(MBusClient.KeyStatus.SET_AND_TRANSFERRED, 3);
    assertThat(Ask.invoke(client, 7, DlmsData.OctetString.of(new byte[33])))
        .isEqualTo(AttributeType.OUT_OF_RANGE);
  }
}
