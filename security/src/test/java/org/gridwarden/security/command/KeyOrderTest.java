package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.core.Action;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Secret;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.keys.MasterWrap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys in orders: wrapped, bounded, written in one way, and shown by their ids alone. */
class KeyOrderTest {
  private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

  private static Secret secret(String hex) {
    return new Secret(HexFormat.of().parseHex(hex));
  }

  @Test
  @DisplayName("RFC 3394, clauses 4.1 and 4.6: key data under a KEK of 128 and of 256 bits")
  void vectors() throws UnusableKeyException {
    Secret small = secret("000102030405060708090A0B0C0D0E0F");
    Secret data = secret("00112233445566778899AABBCCDDEEFF");
    byte[] wrapped = HexFormat.of().parseHex("1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5");
    assertThat(MasterWrap.wrap(small, data)).isEqualTo(wrapped);
    assertThat(MasterWrap.unwrap(small, wrapped)).isEqualTo(data);
    Secret large = secret("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    Secret long32 = secret("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
    assertThat(MasterWrap.wrap(large, long32))
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"));
  }

  @Test
  @DisplayName("C18: a key in an order opens under the meter's master key alone, unaltered")
  void opensForTheMeterAlone() throws UnusableKeyException {
    Secret master = MasterWrap.fresh(16);
    Secret key = MasterWrap.fresh(32);
    byte[] wrapped = MasterWrap.wrap(master, key);
    assertThat(MasterWrap.unwrap(master, wrapped)).isEqualTo(key);
    assertThatThrownBy(() -> MasterWrap.unwrap(MasterWrap.fresh(16), wrapped))
        .isInstanceOf(UnusableKeyException.class);
    for (int i = 0; i < wrapped.length; i++) {
      byte[] altered = wrapped.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> MasterWrap.unwrap(master, altered))
          .isInstanceOf(UnusableKeyException.class);
    }
    assertThatThrownBy(() -> MasterWrap.unwrap(master, Arrays.copyOf(wrapped, 39)))
        .isInstanceOf(UnusableKeyException.class);
  }

  @Test
  @DisplayName("an order says which keys it carries, and comes back from its bytes as it was")
  void codec() throws CommandException {
    Action.ChangeKeys change =
        new Action.ChangeKeys(
            List.of(
                new Action.NewKey(Purpose.DLMS_GLOBAL_UNICAST, ID, new byte[24], new byte[24]),
                new Action.NewKey(Purpose.COMMAND_SEAL, ID, new byte[40], new byte[0])));
    byte[] bytes = ActionCodec.parameters(change);
    Action.ChangeKeys read = (Action.ChangeKeys) ActionCodec.action("change-keys", bytes);
    assertThat(ActionCodec.parameters(read)).isEqualTo(bytes);
    assertThat(read.keys()).hasSize(2);
    assertThat(ActionWords.of(read, "GW-1"))
        .isEqualTo(
            "Gives GW-1 a new DLMS key 01020304… and a new seal key 01020304…; the old ones are"
                + " kept until it confirms them.");
    assertThat(ActionFields.of(read).toString()).contains("purpose=DLMS").doesNotContain("AAAA");
    assertThat(ActionCodec.action("change-keys", new byte[] {(byte) 0x80}))
        .as("as orders were before they carried keys")
        .isEqualTo(new Action.ChangeKeys(List.of()));
  }

  @Test
  @DisplayName("C39: too many keys, a purpose twice, the master key, other lengths: refused")
  void bounds() {
    Action.NewKey seal = new Action.NewKey(Purpose.COMMAND_SEAL, ID, new byte[40], new byte[0]);
    assertThatThrownBy(() -> new Action.ChangeKeys(List.of(seal, seal)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Action.NewKey(Purpose.DLMS_MASTER, ID, new byte[24], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Action.NewKey(Purpose.COMMAND_SEAL, ID, new byte[25], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Action.NewKey(Purpose.COMMAND_SEAL, new byte[17], new byte[40], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] many =
        Cbor.write(out -> {
          out.writeStartArray(null, 4 * 1000);
          for (int i = 0; i < 1000; i++) {
            out.writeString("COMMAND_SEAL");
            out.writeBinary(new byte[1]);
            out.writeBinary(new byte[0]);
            out.writeBinary(new byte[0]);
          }
          out.writeEndArray();
        });
    assertThatThrownBy(() -> ActionCodec.action("change-keys", many))
        .isInstanceOf(CommandException.class);
    byte[] unknown =
        Cbor.write(out -> {
          out.writeStartArray(null, 4);
          out.writeString("SOMETHING");
          out.writeBinary(ID);
          out.writeBinary(new byte[24]);
          out.writeBinary(new byte[0]);
          out.writeEndArray();
        });
    assertThatThrownBy(() -> ActionCodec.action("change-keys", unknown))
        .isInstanceOf(CommandException.class);
  }
}
