package org.gridwarden.simulator.zigbee.ezsp;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.net.NetworkKey;
import org.gridwarden.simulator.zigbee.net.TrustCentre;
import org.gridwarden.simulator.zigbee.net.Zdo;

/**
 * A network co-processor that speaks EZSP version 4 to its host, as far as a trust centre needs it;
 * a software model. What it holds of its network outlives a reset, as a dongle's tokens do: the
 * host's configuration does not. On the model's thread only.
 */
public final class EzspNcp {
  private static final int VERSION = 4;
  private static final int MESH = 2;
  private static final int STACK = 0x5B10;

  private static final int RESPONSE = 0x80;
  private static final int CALLBACK = 0x90;

  private static final int SUCCESS = 0x00;
  private static final int BAD_ARGUMENT = 0x02;
  private static final int DELIVERY_FAILED = 0x66;
  private static final int INVALID_CALL = 0x70;
  private static final int TOO_MANY = 0x72;
  private static final int TOO_LONG = 0x74;
  private static final int NETWORK_UP = 0x90;
  private static final int NETWORK_DOWN = 0x91;
  private static final int NOT_JOINED = 0x93;
  private static final int TABLE_FULL = 0xB4;

  private static final int KEY_INVALID = 0xB2;

  private static final int OPTION_SECURED = 0x0020;
  private static final int OPTION_RETRY = 0x0040;
  private static final int UNICASTS = 0x03;
  private static final int KEY_TABLE = 0x1E;
  private static final int KEY_TIMEOUT = 0x36;
  private static final int TRUST_CENTRE_POLICY = 0;
  private static final int NOBODY_JOINS = 3;

  /** What fits into a frame with security of both layers, and with the network's alone. */
  static final int MOST_SECURED = 73;

  static final int MOST = 82;

  private final TrustCentre centre;
  private final Consumer<byte[]> host;
  private final Map<Integer, Integer> configuration = new HashMap<>();
  private final Map<Integer, Integer> policies = new HashMap<>();
  private NetworkParameters parameters = NetworkParameters.NONE;
  private byte[] networkKey = new byte[16];
  private byte[] linkKey = new byte[16];
  private int keySequence;
  private boolean formed;
  private boolean up;
  private int unicasts;

  /**
   * @param host takes answers and callbacks; at once
   */
  public EzspNcp(Net net, long eui64, Consumer<byte[]> host) {
    this.host = host;
    this.centre =
        new TrustCentre(
            net,
            eui64,
            new TrustCentre.Listener() {
              @Override
              public void data(int from, ApsFrame frame) {
                incoming(from, frame);
              }

              @Override
              public void device(int address, long name, int status, int decision, int by) {
                callback(0x24)
                    .accept(out -> out.two(address).eight(name).one(status).one(decision).two(by));
              }
            });
    centre.aps().node().mac().station().off(true);
  }

  /** Its trust centre. */
  public TrustCentre centre() {
    return centre;
  }

  /** Whether its network is up. */
  public boolean up() {
    return up;
  }

  /** The host has reset it. */
  public void reset() {
    configuration.clear();
    policies.clear();
    centre.expectNobody();
    centre.permit(0);
    unicasts = 0;
    up = false;
    centre.aps().node().mac().station().off(true);
  }

  private Consumer<Consumer<EzspOut>> callback(int id) {
    return fill -> {
      EzspOut out = new EzspOut(0, CALLBACK, id);
      fill.accept(out);
      host.accept(out.done());
    };
  }

  private void status(int status) {
    callback(0x19).accept(out -> out.one(status));
  }

  /** Takes a command of the host. */
  public void take(byte[] command) {
    if (command.length < 3) {
      return;
    }
    EzspIn in = new EzspIn(command);
    int sequence = in.one();
    in.one();
    int id = in.one();
    EzspOut out = new EzspOut(sequence, RESPONSE, id);
    Runnable after = execute(id, in, out);
    if (after == null || in.tooShort()) {
      host.accept(new EzspOut(sequence, RESPONSE, 0x58).one(0x31).done()); // invalid frame id
      return;
    }
    host.accept(out.done());
    after.run();
  }

  private static final Runnable NOTHING = () -> {};

  /** Does a command; gives what is to be done once it is answered, null for none that is known. */
  private @org.jspecify.annotations.Nullable Runnable execute(int id, EzspIn in, EzspOut out) {
    switch (id) {
      case 0x00 -> out.one(VERSION).one(MESH).two(STACK);
      case 0x02 -> out.one(SUCCESS); // endpoint: all that comes goes to the host
      case 0x05 -> {
        // nothing, and no answer to it but that
      }
      case 0x10, 0x2A, 0xB1, 0x9A, 0x99, 0x77, 0x41 -> out.one(SUCCESS);
      case 0x17 -> {
        if (!formed) {
          out.one(NOT_JOINED);
          return NOTHING;
        }
        out.one(SUCCESS);
        return this::bringUp;
      }
      case 0x18 -> out.one(up ? 2 : 0);
      case 0x1A -> {
        out.one(SUCCESS);
        boolean energy = in.one() == 0;
        return () -> scan(energy);
      }
      case 0x1E -> {
        parameters = NetworkParameters.read(in);
        out.one(SUCCESS);
        return this::form;
      }
      case 0x20 -> {
        out.one(up ? SUCCESS : INVALID_CALL);
        return this::leave;
      }
      case 0x22 -> {
        centre.permit(in.one() * 1_000_000L);
        out.one(SUCCESS);
      }
      case 0x26 -> out.eight(centre.aps().node().eui64());
      case 0x27 -> out.two(up ? 0 : 0xFFFE);
      case 0x28 -> parameters.write(out.one(up ? SUCCESS : NOT_JOINED).one(up ? 1 : 0));
      case 0x34 -> {
        return unicast(in, out);
      }
      case 0x36 -> {
        return broadcast(in, out);
      }
      case 0x39 -> out.one(INVALID_CALL); // replies to fragments: nobody sends fragments here
      case 0x52 -> out.one(SUCCESS).two(configuration.getOrDefault(in.one(), 0));
      case 0x53 -> {
        configuration.put(in.one(), in.two());
        out.one(SUCCESS);
      }
      case 0x55 -> {
        int policy = in.one();
        int decision = in.one();
        policies.put(policy, decision);
        if (policy == TRUST_CENTRE_POLICY) {
          centre.joinsAllowed(decision != NOBODY_JOINS);
        }
        out.one(SUCCESS);
      }
      case 0x56 -> out.one(SUCCESS).one(policies.getOrDefault(in.one(), 0));
      case 0x60 -> lookUpName(in, out);
      case 0x66 -> rekey(in, out);
      case 0x68 -> {
        security(in);
        out.one(SUCCESS);
      }
      case 0x69 ->
          out.one(up ? SUCCESS : NOT_JOINED).two(0x01C4).eight(centre.aps().node().eui64());
      case 0x6A -> key(in.one(), out);
      case 0x6B -> centre.expectNobody();
      case 0x74 -> {
        out.one(up && centre.keyFollows() ? SUCCESS : INVALID_CALL);
        return this::switchKey;
      }
      case 0x91 -> out.two(0xFFFF).one(0).one(0).one(0);
      case 0xA8 -> {
        in.two();
        centre.remove(in.eight());
        out.one(SUCCESS);
      }
      case 0xA9 -> {
        int to = in.two();
        long name = in.eight();
        byte[] following = in.bytes(16);
        if (!up || in.tooShort()) {
          out.one(INVALID_CALL);
          return NOTHING;
        }
        out.one(centre.tellNextKey(to, name, following) ? SUCCESS : KEY_INVALID);
      }
      case 0xAA -> value(in.one(), out);
      case 0xAB -> {
        setValue(in);
        out.one(SUCCESS);
      }
      case 0xAF -> {
        long partner = in.eight();
        centre.expect(partner, in.bytes(16), keyTimeout());
        out.one(SUCCESS);
      }
      default -> {
        return null;
      }
    }
    return NOTHING;
  }

  /** A link key in the place of another one, or a further one. */
  private void rekey(EzspIn in, EzspOut out) {
    long partner = in.eight();
    in.one(); // whether it is a link key: others are not kept
    byte[] key = in.bytes(16);
    boolean full =
        !centre.aps().keys().containsKey(partner)
            && centre.aps().keys().size() >= configuration.getOrDefault(KEY_TABLE, 0);
    if (up && !full && !in.tooShort()) {
      centre.rekey(partner, key);
    }
    out.one(!up ? INVALID_CALL : full ? TABLE_FULL : SUCCESS);
  }

  private long keyTimeout() {
    int seconds = configuration.getOrDefault(KEY_TIMEOUT, 300);
    return (seconds == 0 ? 300 : seconds) * 1_000_000L;
  }

  private void bringUp() {
    if (!up) {
      up = true;
      centre.aps().node().mac().station().off(false);
      status(NETWORK_UP);
    }
  }

  private void form() {
    centre.aps().node().form(parameters.pan(), new NetworkKey(networkKey, keySequence));
    formed = true;
    up = true;
    centre.aps().node().mac().station().off(false);
    status(NETWORK_UP);
  }

  private void leave() {
    if (up) {
      formed = false;
      up = false;
      centre.aps().keys().clear();
      centre.aps().names().clear();
      centre.aps().node().forget();
      centre.aps().node().mac().station().off(true);
      status(NETWORK_DOWN);
    }
  }

  /** Once the command to switch is told to all, the host is told, too. */
  private void switchKey() {
    centre
        .switchKey()
        .ifPresent(key -> {
          networkKey = key.key().clone();
          keySequence = key.sequence();
          callback(0x6E).accept(out -> out.one(keySequence));
        });
  }

  private void scan(boolean energy) {
    if (energy) {
      for (int channel = 11; channel <= 26; channel++) {
        int at = channel;
        // all quiet, 15 the quietest
        callback(0x48).accept(out -> out.one(at).one(at == 15 ? -95 : -85));
      }
    }
    callback(0x1C).accept(out -> out.one(0).one(SUCCESS));
  }

  private void security(EzspIn in) {
    int mask = in.two();
    linkKey = in.bytes(16);
    byte[] key = in.bytes(16);
    keySequence = in.one();
    if ((mask & 0x0200) != 0) {
      networkKey = key;
    }
  }

  private void key(int type, EzspOut out) {
    boolean network = type == 3;
    out.one(up && (network || type == 1) ? SUCCESS : BAD_ARGUMENT)
        .two(network ? 0x0003 : 0x0002)
        .one(type)
        .bytes(network ? networkKey : linkKey)
        .four(centre.aps().node().counter())
        .four(0)
        .one(keySequence)
        .eight(0);
  }

  private void value(int id, EzspOut out) {
    switch (id) {
      case 0x15 -> out.one(SUCCESS).one(1).one(-75); // from where on the channel counts as busy
      case 0x23 -> out.one(SUCCESS).one(4).four(centre.aps().node().counter());
      default -> out.one(0x31).one(0);
    }
  }

  private void setValue(EzspIn in) {
    int id = in.one();
    int length = in.one();
    if (id == 0x23 && length == 4) {
      centre.aps().node().counter(in.two() | (long) in.two() << 16);
    } else {
      in.bytes(length);
    }
  }

  private void lookUpName(EzspIn in, EzspOut out) {
    long name = in.eight();
    int address =
        centre.aps().names().entrySet().stream()
            .filter(e -> e.getValue() == name)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(0xFFFF);
    out.two(address);
  }

  /** What the host's frame says of where it goes. */
  private record Aps(
      int profile,
      int cluster,
      int fromEndpoint,
      int toEndpoint,
      int options,
      int group,
      int sequence) {
    static Aps read(EzspIn in) {
      return new Aps(in.two(), in.two(), in.one(), in.one(), in.two(), in.two(), in.one());
    }

    EzspOut write(EzspOut out, int counter) {
      return out.two(profile)
          .two(cluster)
          .one(fromEndpoint)
          .one(toEndpoint)
          .two(options)
          .two(group)
          .one(counter);
    }

    ApsFrame frame(boolean broadcast, int counter, byte[] payload) {
      return new ApsFrame(
          ApsFrame.Type.DATA,
          broadcast,
          !broadcast && (options & OPTION_RETRY) != 0,
          (options & OPTION_SECURED) != 0,
          toEndpoint,
          cluster,
          profile,
          fromEndpoint,
          counter,
          payload);
    }
  }

  private Runnable unicast(EzspIn in, EzspOut out) {
    int type = in.one();
    int to = in.two();
    Aps aps = Aps.read(in);
    int tag = in.one();
    byte[] payload = in.bytes(in.one());
    boolean secured = (aps.options & OPTION_SECURED) != 0;
    int counter = centre.aps().nextCounter(to);
    if (!up || in.tooShort()) {
      out.one(INVALID_CALL).one(counter);
      return NOTHING;
    }
    if (payload.length > (secured ? MOST_SECURED : MOST)) {
      out.one(TOO_LONG).one(counter);
      return NOTHING;
    }
    if (unicasts >= configuration.getOrDefault(UNICASTS, 10)) {
      out.one(TOO_MANY).one(counter);
      return NOTHING;
    }
    out.one(SUCCESS).one(counter);
    if (to == 0) {
      return () -> {
        sent(type, to, aps, counter, tag, true);
        toItself(aps, payload);
      };
    }
    unicasts++;
    return () -> {
      boolean goes =
          centre
              .aps()
              .send(
                  to,
                  aps.frame(false, counter, payload),
                  done -> {
                    unicasts = Math.max(0, unicasts - 1);
                    sent(type, to, aps, counter, tag, done);
                  });
      if (!goes) {
        unicasts = Math.max(0, unicasts - 1);
        sent(type, to, aps, counter, tag, false);
      }
    };
  }

  private void sent(int type, int to, Aps aps, int counter, int tag, boolean done) {
    callback(0x3F)
        .accept(out ->
            aps.write(out.one(type).two(to), counter)
                .one(tag)
                .one(done ? SUCCESS : DELIVERY_FAILED)
                .one(0));
  }

  private void toItself(Aps aps, byte[] payload) {
    if (aps.profile == 0 && aps.cluster == Zdo.PERMIT_JOINING && payload.length >= 2) {
      centre.permit((payload[1] & 0xFF) * 1_000_000L);
    }
  }

  private Runnable broadcast(EzspIn in, EzspOut out) {
    int to = in.two();
    Aps aps = Aps.read(in);
    in.one();
    int tag = in.one();
    byte[] payload = in.bytes(in.one());
    int counter = centre.aps().nextCounter();
    if (!up || in.tooShort()) {
      out.one(INVALID_CALL).one(counter);
      return NOTHING;
    }
    out.one(SUCCESS).one(counter);
    return () ->
        centre
            .aps()
            .send(
                to,
                aps.frame(true, counter, payload),
                done -> sent(6, to, aps, counter, tag, done));
  }

  private void incoming(int from, ApsFrame frame) {
    callback(0x45)
        .accept(out ->
            out.one(frame.broadcast() ? 4 : 0)
                .two(frame.profile())
                .two(frame.cluster())
                .one(frame.fromEndpoint())
                .one(frame.toEndpoint())
                .two(frame.secured() ? OPTION_SECURED : 0)
                .two(0)
                .one(frame.counter())
                .one(200)
                .one(-60)
                .two(from)
                .one(0xFF)
                .one(0xFF)
                .one(frame.payload().length)
                .bytes(frame.payload()));
  }
}
