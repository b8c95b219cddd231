package org.gridwarden.simulator.zigbee.ezsp;

/** A network's parameters as EZSP has them. */
record NetworkParameters(
    long extendedPan,
    int pan,
    int power,
    int channel,
    int join,
    int manager,
    int update,
    long channels) {
  static final NetworkParameters NONE = new NetworkParameters(0, 0xFFFF, 0, 0, 0, 0, 0, 0);

  static NetworkParameters read(EzspIn in) {
    return new NetworkParameters(
        in.eight(),
        in.two(),
        in.one(),
        in.one(),
        in.one(),
        in.two(),
        in.one(),
        in.two() | (long) in.two() << 16);
  }

  EzspOut write(EzspOut out) {
    return out.eight(extendedPan)
        .two(pan)
        .one(power)
        .one(channel)
        .one(join)
        .two(manager)
        .one(update)
        .four(channels);
  }
}
