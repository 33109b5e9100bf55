/// Placeholder until real sources are here.
