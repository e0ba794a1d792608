/// x
public enum IncentivesPlaceholder {}
