/** Numbers of a tensor in row-major order, nested or not. */
export type Numbers = readonly number[] | ArrayLike<number> | readonly Numbers[];

/** A layer by its sizes. One number for a stride, dilation or padding means the same on every axis. */
export interface LayerSettings {
    kind?: "convolution" | "transposed" | "max" | "average";
    /** Spatial sizes, one to three of them. */
    input: readonly number[];
    kernel: readonly number[];
    batch?: number;
    channels?: number;
    filters?: number;
    groups?: number;
    stride?: number | readonly number[];
    dilation?: number | readonly number[];
    /** One number before each axis and then one after each. */
    padding?: number | readonly number[] | "same";
    outputPadding?: number | readonly number[];
    bias?: boolean;
}

export interface Values {
    /** [batch, channels, …input] */
    V?: Numbers;
    /** [filters, channels / groups, …kernel]; transposed [channels, filters / groups, …kernel] */
    W?: Numbers;
    /** [filters] */
    B?: Numbers;
    /** ∂E/∂G, of the output's shape. */
    dG?: Numbers;
    /** What G should be: E = ½·Σ (G − T)². */
    T?: Numbers;
}

export interface Results {
    G: Float64Array;
    dV?: Float64Array;
    dW?: Float64Array;
    dB?: Float64Array;
    dG?: Float64Array;
    E?: number;
}

export interface Equation {
    kind: "forward" | "chainRule" | "partial" | "gradient";
    text: string;
    latex: string;
    /** A `math` element. */
    mathml: string;
    /** Null where not all numbers are given. */
    value: number | null;
}

export type View = "equations" | "windows" | "sharing" | "convolution" | "flow" | "check";

export interface Explaining {
    /** An element, as "W1": row by row from 1. */
    select?: string;
    language?: "en" | "de";
    values?: Values;
}

export declare class Layer {
    readonly settings: LayerSettings;
    /** Of V, W, B and G, as far as the layer has them. */
    readonly shapes: Record<"V" | "W" | "B" | "G", number[]>;
    compute(values: Values): Results;
    equations(select: string, values?: Values): Equation[];
    explain(options?: Explaining & {
        views?: readonly View[]; as?: "text" | "markdown" | "latex" | "html" | "svg" | "json";
    }): string;
    picture(view: View, options?: Explaining): string;
    /** E has one number more than there are steps. */
    train(values: Values, options?: { rate?: number; steps?: number }): { E: Float64Array; W?: Float64Array; B?: Float64Array };
}

export declare class Engine {
    layer(settings: LayerSettings): Layer;
}

export declare function load(source?: URL | string | ArrayBuffer | ArrayBufferView): Promise<Engine>;
