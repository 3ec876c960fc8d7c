export {
  type FeatureGroup,
  type FeatureId,
  type FeatureWord,
  isFeatureId,
  VOCABULARY,
} from './vocabulary.ts';
