-- What people say of a power strip's outlets: how each is called, where it is, what is plugged in. The outlet is the channel
-- (value group B) of the strip's OBIS codes; what it measures stands with all other readings.
CREATE TABLE outlet (
  since     timestamptz NOT NULL,                                                -- when it was said
  meter     int         NOT NULL REFERENCES meter,
  number    int         NOT NULL CHECK (number BETWEEN 1 AND 64),
  standby_w int         NOT NULL DEFAULT 5 CHECK (standby_w BETWEEN 0 AND 5000), -- up to so many watts it is not in use
  name      text        NOT NULL DEFAULT '' CHECK (length(name) <= 64),
  place     text        NOT NULL DEFAULT '' CHECK (length(place) <= 64),
  appliance text        NOT NULL DEFAULT '' CHECK (length(appliance) <= 64),
  said_by   text        NOT NULL,
  PRIMARY KEY (meter, number)
);
