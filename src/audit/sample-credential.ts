/**
 * Values for samples: shaped like real ones, put together at run time, so that no scanner (ours included) takes this source
 * for a leak. They decode to account 111122223333, which AWS reserves for documentation.
 */
export const sampleKeyId: string = ['AKIA', 'RTX3GSDSQA', 'W2K4VN'].join('');
export const sampleSecret: string = ['kX9vT2mQ7/bL4zR', 'n8Wc+J5hYs1Gd', '6FpA3uEoVtHq'].join('');
export const sampleBedrockKey: string = `ABSK${Buffer.from(`BedrockAPIKey-sample-at-111122223333:${'k3X9'.repeat(15)}`).toString('base64')}`;
