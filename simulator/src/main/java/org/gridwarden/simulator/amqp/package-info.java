/** Virtual meters' end of AMQP 1.0. */
@NullMarked
package org.gridwarden.simulator.amqp;

import org.jspecify.annotations.NullMarked;
