package org.gridwarden.simulator;

import java.util.List;
import org.gridwarden.dlms.DlmsData;

/**
 * What a meter is about to tell.
 *
 * @param body the notification's body
 * @param facts the same for the journal
 */
record Push(DlmsData body, List<Confirmed.Fact> facts) {}
