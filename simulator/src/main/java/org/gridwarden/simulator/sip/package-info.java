/** Virtual meters that speak SIP. */
@NullMarked
package org.gridwarden.simulator.sip;

import org.jspecify.annotations.NullMarked;
