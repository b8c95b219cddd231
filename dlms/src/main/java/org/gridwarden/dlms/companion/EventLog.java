package org.gridwarden.dlms.companion;

import org.gridwarden.cosem.ObisCode;

/**
 * An event log: a profile whose rows are a clock and an event's code.
 *
 * @param object the log's logical name
 * @param code the object whose value the code is: by it the codes have their meaning
 */
public record EventLog(ObisCode object, ObisCode code) {}
