// Made by `run.sh types` from the checked plan and pipeline.yaml; not to be edited. Any column may be missing in a row: no engine says
// of a query's columns which may not. `nightshift.Scalar` stands where neither the engine nor pipeline.yaml says what a column holds.
import type * as nightshift from 'nightshift';

/** sources.flights */
export type Flights = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // date
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly distance: number | null; // number
  readonly departed_at: string | null; // timestamp
  readonly arrival_delay: number | null; // integer
  readonly known_on: string | null; // date
  readonly flight_date_day: number | null; // integer
  readonly departed_at_day: number | null; // integer
  readonly known_on_day: number | null; // integer
};

/** sources.airports */
export type Airports = {
  readonly iata: string | null; // text
  readonly city: string | null; // text
  readonly state: string | null; // text
  readonly latitude: number | null; // number
  readonly longitude: number | null; // number
};

/** steps/01-extract/rows.sql */
export type Rows = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly cutoff_day: nightshift.Scalar;
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly distance: number | null; // number
  readonly late: nightshift.Scalar;
  readonly known_on: string | null; // text
  readonly known_on_day: number | null; // integer
};

/** steps/01-extract/route_daily.sql */
export type RouteDaily = {
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly known_on_day: number | null; // integer
  readonly flights: nightshift.Scalar;
  readonly late: nightshift.Scalar;
};

/** steps/01-extract/place_daily.sql */
export type PlaceDaily = {
  readonly side: nightshift.Scalar;
  readonly place: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly known_on_day: number | null; // integer
  readonly flights: nightshift.Scalar;
  readonly late: nightshift.Scalar;
};

/** steps/01-extract/place_history.sql */
export type PlaceHistory = {
  readonly side: nightshift.Scalar;
  readonly place: string | null; // text
  readonly day: nightshift.Scalar;
  readonly flights_1: nightshift.Scalar;
  readonly late_1: nightshift.Scalar;
  readonly flights_7: nightshift.Scalar;
  readonly late_7: nightshift.Scalar;
  readonly flights_28: nightshift.Scalar;
  readonly late_28: nightshift.Scalar;
};

/** steps/01-extract/route_history.sql */
export type RouteHistory = {
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly day: nightshift.Scalar;
  readonly flights_28: nightshift.Scalar;
  readonly late_28: nightshift.Scalar;
};

/** steps/01-extract/weekday_history.sql */
export type WeekdayHistory = {
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly day: nightshift.Scalar;
  readonly flights_4: nightshift.Scalar;
  readonly late_4: nightshift.Scalar;
};

/** steps/01-extract/network_history.sql */
export type NetworkHistory = {
  readonly day: nightshift.Scalar;
  readonly flights_1: nightshift.Scalar;
  readonly late_1: nightshift.Scalar;
};

/** steps/01-extract/features.sql */
export type Features = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly distance: number | null; // number
  readonly latitude_change: number | null; // number
  readonly longitude_change: number | null; // number
  readonly weekday: string | null; // text
  readonly day_of_month: number | null; // integer
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly origin_state: string | null; // text
  readonly destination_state: string | null; // text
  readonly origin_flights_1: number | null; // number
  readonly origin_late_1: number | null; // number
  readonly origin_flights_7: number | null; // number
  readonly origin_late_7: number | null; // number
  readonly origin_flights_28: number | null; // number
  readonly origin_late_28: number | null; // number
  readonly destination_flights_1: number | null; // number
  readonly destination_late_1: number | null; // number
  readonly destination_flights_7: number | null; // number
  readonly destination_late_7: number | null; // number
  readonly destination_flights_28: number | null; // number
  readonly destination_late_28: number | null; // number
  readonly route_flights_28: number | null; // number
  readonly route_late_28: number | null; // number
  readonly weekday_flights_4: number | null; // number
  readonly weekday_late_4: number | null; // number
  readonly network_flights_1: number | null; // number
  readonly network_late_1: number | null; // number
  readonly origin_size: nightshift.Scalar;
  readonly late: number | null; // integer
  readonly known_on: string | null; // text
  readonly known_on_day: number | null; // integer
};

/** steps/02-split/fresh.sql */
export type Fresh = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly distance: number | null; // number
  readonly latitude_change: number | null; // number
  readonly longitude_change: number | null; // number
  readonly origin_flights_1: number | null; // number
  readonly origin_late_1: number | null; // number
  readonly origin_flights_7: number | null; // number
  readonly origin_late_7: number | null; // number
  readonly origin_flights_28: number | null; // number
  readonly origin_late_28: number | null; // number
  readonly destination_flights_1: number | null; // number
  readonly destination_late_1: number | null; // number
  readonly destination_flights_7: number | null; // number
  readonly destination_late_7: number | null; // number
  readonly destination_flights_28: number | null; // number
  readonly destination_late_28: number | null; // number
  readonly route_flights_28: number | null; // number
  readonly route_late_28: number | null; // number
  readonly weekday_flights_4: number | null; // number
  readonly weekday_late_4: number | null; // number
  readonly network_flights_1: number | null; // number
  readonly network_late_1: number | null; // number
  readonly day_of_month: number | null; // integer
  readonly weekday: string | null; // text
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly origin_state: string | null; // text
  readonly destination_state: string | null; // text
  readonly origin_size: nightshift.Scalar;
};

/** steps/02-split/test.sql */
export type Test = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly distance: number | null; // number
  readonly latitude_change: number | null; // number
  readonly longitude_change: number | null; // number
  readonly weekday: string | null; // text
  readonly day_of_month: number | null; // integer
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly origin_state: string | null; // text
  readonly destination_state: string | null; // text
  readonly origin_flights_1: number | null; // number
  readonly origin_late_1: number | null; // number
  readonly origin_flights_7: number | null; // number
  readonly origin_late_7: number | null; // number
  readonly origin_flights_28: number | null; // number
  readonly origin_late_28: number | null; // number
  readonly destination_flights_1: number | null; // number
  readonly destination_late_1: number | null; // number
  readonly destination_flights_7: number | null; // number
  readonly destination_late_7: number | null; // number
  readonly destination_flights_28: number | null; // number
  readonly destination_late_28: number | null; // number
  readonly route_flights_28: number | null; // number
  readonly route_late_28: number | null; // number
  readonly weekday_flights_4: number | null; // number
  readonly weekday_late_4: number | null; // number
  readonly network_flights_1: number | null; // number
  readonly network_late_1: number | null; // number
  readonly origin_size: nightshift.Scalar;
  readonly late: number | null; // integer
  readonly known_on: string | null; // text
  readonly known_on_day: number | null; // integer
};

/** steps/02-split/train.sql */
export type Train = {
  readonly flight_id: number | null; // integer
  readonly flight_date: string | null; // text
  readonly flight_date_day: number | null; // integer
  readonly distance: number | null; // number
  readonly latitude_change: number | null; // number
  readonly longitude_change: number | null; // number
  readonly weekday: string | null; // text
  readonly day_of_month: number | null; // integer
  readonly origin: string | null; // text
  readonly destination: string | null; // text
  readonly origin_state: string | null; // text
  readonly destination_state: string | null; // text
  readonly origin_flights_1: number | null; // number
  readonly origin_late_1: number | null; // number
  readonly origin_flights_7: number | null; // number
  readonly origin_late_7: number | null; // number
  readonly origin_flights_28: number | null; // number
  readonly origin_late_28: number | null; // number
  readonly destination_flights_1: number | null; // number
  readonly destination_late_1: number | null; // number
  readonly destination_flights_7: number | null; // number
  readonly destination_late_7: number | null; // number
  readonly destination_flights_28: number | null; // number
  readonly destination_late_28: number | null; // number
  readonly route_flights_28: number | null; // number
  readonly route_late_28: number | null; // number
  readonly weekday_flights_4: number | null; // number
  readonly weekday_late_4: number | null; // number
  readonly network_flights_1: number | null; // number
  readonly network_late_1: number | null; // number
  readonly origin_size: nightshift.Scalar;
  readonly late: number | null; // integer
  readonly known_on: string | null; // text
  readonly known_on_day: number | null; // integer
  readonly fold: nightshift.Scalar;
};

/** Every relation by its name. */
export type Relations = {
  readonly flights: Flights;
  readonly airports: Airports;
  readonly rows: Rows;
  readonly route_daily: RouteDaily;
  readonly place_daily: PlaceDaily;
  readonly place_history: PlaceHistory;
  readonly route_history: RouteHistory;
  readonly weekday_history: WeekdayHistory;
  readonly network_history: NetworkHistory;
  readonly features: Features;
  readonly fresh: Fresh;
  readonly test: Test;
  readonly train: Train;
};

/** What pipeline.yaml names of the columns of features, with the kinds that it gives them. */
export const manifest = {
  key: ['flight_id'],
  entity: ['flight_id'],
  time: 'flight_date',
  label: 'late',
  features: {
    number: [
      'distance',
      'latitude_change',
      'longitude_change',
      'origin_flights_1',
      'origin_late_1',
      'origin_flights_7',
      'origin_late_7',
      'origin_flights_28',
      'origin_late_28',
      'destination_flights_1',
      'destination_late_1',
      'destination_flights_7',
      'destination_late_7',
      'destination_flights_28',
      'destination_late_28',
      'route_flights_28',
      'route_late_28',
      'weekday_flights_4',
      'weekday_late_4',
      'network_flights_1',
      'network_late_1',
      'day_of_month',
    ],
    category: [
      'weekday',
      'origin',
      'destination',
      'origin_state',
      'destination_state',
    ],
  },
  slices: ['origin_size', 'weekday'],
} as const satisfies nightshift.Manifest<Features, number>;
